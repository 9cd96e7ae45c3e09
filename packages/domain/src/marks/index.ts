export { checkedMark, type Mark } from './mark.js';
