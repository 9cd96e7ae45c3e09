import { defineConfig } from 'vitest/config';

// Half of what a test does is done by its PostgreSQL and by the clock: a worker for each core, not one less, keeps them busy.
export default defineConfig({ test: { projects: ['packages/*', 'apps/*', 'tools/*'], maxWorkers: '100%' } });
