declare const brand: unique symbol;

/** A string that went through its parser: `Brand<'Ticker'>` cannot be mistaken for `Brand<'OrderId'>`, or for any string. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };
