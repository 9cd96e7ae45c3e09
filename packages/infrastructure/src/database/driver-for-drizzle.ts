import type postgres from 'postgres';
import type { Send } from './sent.js';

/** As much of the driver as drizzle uses: `options`, and `unsafe` with `values`. What drizzle sends goes through `send`. */
export function driverForDrizzle(options: postgres.Sql['options'], send: Send): postgres.Sql {
  const unsafe = (
    text: string,
    parameters: readonly unknown[] = [],
    { prepare = false }: { prepare?: boolean } = {},
  ) => {
    const sent = send<unknown>(text, parameters, prepare);
    return {
      values: () => {
        sent.asArrays();
        return sent.result;
      },
      then: sent.result.then.bind(sent.result),
    };
  };
  return { options, unsafe } as unknown as postgres.Sql;
}
