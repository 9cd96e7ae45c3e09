/** Node's hook for console.log and util.inspect; a registered symbol, so that the domain needs no import of Node. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');
