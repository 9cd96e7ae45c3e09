import { describe, expect, it } from 'vitest';
import { chooseServerUser } from './server-user.js';

const NOBODY = 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n';

describe('the account for the server of root', () => {
  it('is postgres where there is one', () => {
    const passwd = `${NOBODY}postgres:x:101:104::/var/lib/postgresql:/bin/bash\n`;
    expect(chooseServerUser(passwd)).toEqual({ name: 'postgres', uid: 101, gid: 104 });
  });

  it('is nobody elsewhere', () => {
    expect(chooseServerUser(NOBODY)).toEqual({ name: 'nobody', uid: 65534, gid: 65534 });
  });

  it('takes the negative ids of macOS as the system calls do', () => {
    expect(chooseServerUser('nobody:*:-2:-2::/var/empty:/usr/bin/false')?.uid).toBe(4294967294);
  });

  it('is nobody’s where there is neither', () => {
    expect(chooseServerUser('root:x:0:0:root:/root:/bin/sh\n')).toBeUndefined();
  });
});
