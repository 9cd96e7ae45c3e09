import { burst } from './burst.js';
import { commit } from './commit.js';
import { cut } from './cut.js';
import { diskFull } from './disk-full.js';
import { kill } from './kill.js';
import { promotion } from './promotion.js';
import { silent } from './silent.js';
import { sigterm } from './sigterm.js';
import type { Fault } from './fault.js';

export const ALL_FAULTS: readonly Fault[] = [cut, commit, burst, kill, silent, sigterm, promotion, diskFull];
