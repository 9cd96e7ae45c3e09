import { describe, expect, it } from 'vitest';
import { LockTable } from './lock-table.js';

describe('LockTable', () => {
  const [ann, ben, cat] = [{ name: 'ann' }, { name: 'ben' }, { name: 'cat' }];

  it('hands a lock on in the order of asking', async () => {
    const locks = new LockTable();
    await locks.acquire('row', ann);
    const order: string[] = [];
    const waiting = [ben, cat].map((owner) => locks.acquire('row', owner).then(() => order.push(owner.name)));
    await Promise.resolve();
    expect(order).toEqual([]);
    locks.release('row', ann);
    await waiting[0];
    expect(order).toEqual(['ben']);
    locks.release('row', ben);
    await waiting[1];
    expect(order).toEqual(['ben', 'cat']);
  });

  it('gives an owner a lock again that it has, and says that it is not new', async () => {
    const locks = new LockTable();
    expect(await locks.acquire('row', ann)).toBe(true);
    expect(await locks.acquire('row', ann)).toBe(false);
  });

  it('takes no lock from another owner', async () => {
    const locks = new LockTable();
    await locks.acquire('row', ann);
    locks.release('row', ben);
    let taken = false;
    void locks.acquire('row', cat).then(() => (taken = true));
    await Promise.resolve();
    expect(taken).toBe(false);
  });

  it('refuses whoever would close a circle of waiting, however long', async () => {
    const locks = new LockTable();
    await locks.acquire('a', ann);
    await locks.acquire('b', ben);
    await locks.acquire('c', cat);
    const annWaits = locks.acquire('b', ann);
    const benWaits = locks.acquire('c', ben);
    await expect(locks.acquire('a', cat)).rejects.toMatchObject({ code: 'DEADLOCK' });
    locks.release('c', cat);
    expect(await benWaits).toBe(true);
    locks.release('b', ben);
    expect(await annWaits).toBe(true);
  });
});
