/** The fenced code blocks of one language, in their order, without their fences. */
export function codeBlocks(markdown: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...markdown.matchAll(fence)].map(([, code = '']) => code);
}

/** The text under a heading of the second level, up to the next one. Empty when there is no such heading. */
export function section(markdown: string, heading: string): string {
  const [, ...rest] = markdown.split(`\n## ${heading}\n`);
  return rest.join('').split('\n## ')[0] ?? '';
}

/** The cells of the tables in a text, row by row, heads and rulers left out, backticks taken off. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n');
  const isRuler = (line: string | undefined) => line !== undefined && /^\|[\s:|-]+\|$/.test(line);
  return lines
    .filter((line, index) => line.startsWith('|') && !isRuler(line) && !isRuler(lines[index + 1]))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.replaceAll('`', '').trim()),
    );
}
