import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** The driver's own transactions are not safe when a connection is lost; see docs/decisions/0003-own-sessions.md. */
const ownTransactionsOnly = 'Use Transaction: the driver’s own transactions are not safe when a connection is lost.';

/** Arrows run one way: apps → infrastructure → application → domain; the inner layers say by name what they import from outside. */
function boundaries(...alsoAllowed) {
  const own = (layer, ...inner) => ({ sourceTag: layer, onlyDependOnLibsWithTags: [layer, ...inner] });
  const inner = ['layer:application', 'layer:domain'];
  return [
    'error',
    {
      enforceBuildableLibDependency: true,
      depConstraints: [
        { ...own('layer:domain'), allowedExternalImports: ['decimal.js', ...alsoAllowed] },
        { ...own('layer:application', 'layer:domain'), allowedExternalImports: ['cockatiel', ...alsoAllowed] },
        own('layer:infrastructure', ...inner, ...(alsoAllowed.length > 0 ? ['layer:tool'] : [])),
        own('layer:tool', 'layer:infrastructure', ...inner),
        own('layer:app', 'layer:infrastructure', ...inner, 'layer:tool'),
      ],
    },
  ];
}

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/coverage', '**/.blotter', '**/prisma-client'] },
  nx.configs['flat/base'],
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(),
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // An entity's own fields are its whole state: spreading one is how the next is made.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='begin'][callee.object.name='sql']",
          message: ownTransactionsOnly,
        },
        { selector: "CallExpression[callee.property.name='reserve']", message: ownTransactionsOnly },
        {
          selector: "CallExpression[callee.property.name='transaction'][callee.object.name='db']",
          message: ownTransactionsOnly,
        },
      ],
    },
  },
  {
    files: ['packages/domain/src/**/*.ts', 'packages/application/src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'The domain and the application know no platform.' }] },
      ],
    },
  },
  {
    // Tests, and what is shipped for tests, may use the test tools.
    files: ['**/*.spec.ts', '**/src/testing/**/*.ts', '**/test/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries('vitest', 'vitest/node', 'fast-check', 'tsx', 'postgres') },
  },
  {
    // The benches measure what the rule keeps out of everything else.
    files: ['tools/{benchmarks,fault-bench}/src/contestants/**/*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Tool configuration belongs to the workspace, not to a layer.
    files: ['**/*.config.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  { files: ['**/*.mjs', '**/*.js'], ...tseslint.configs.disableTypeChecked },
);
