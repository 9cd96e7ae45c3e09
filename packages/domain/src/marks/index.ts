export type { Mark } from './mark.js';
