import { describe, expect, it } from 'vitest';
import { anyBar, barsOfCloses } from '../prices/any-bar.js';
import { channelBreakout } from './channel-breakout.js';

const strategy = channelBreakout({ entry: 3, exit: 2 });

describe('a channel breakout', () => {
  it('says nothing before the channel has all its days', () => {
    expect(strategy(barsOfCloses('1', '2', '3'), 'FLAT')).toBeUndefined();
  });

  it('goes long on a close above the highest high of the channel', () => {
    expect(strategy(barsOfCloses('5', '7', '6', '7.01'), 'FLAT')).toBe('LONG');
  });

  it('stays flat on a close at the highest high', () => {
    expect(strategy(barsOfCloses('5', '7', '6', '7'), 'FLAT')).toBe('FLAT');
  });

  it('measures the channel by the highs, not by the closes', () => {
    const spike = anyBar({ close: '6', high: '9' });
    expect(strategy([anyBar({ close: '5' }), spike, anyBar({ close: '6' }), anyBar({ close: '8' })], 'FLAT')).toBe(
      'FLAT',
    );
  });

  it('stays long until a close below the lowest low of the exit channel', () => {
    expect(strategy(barsOfCloses('9', '5', '6', '5'), 'LONG')).toBe('LONG');
    expect(strategy(barsOfCloses('9', '5', '6', '4.99'), 'LONG')).toBe('FLAT');
  });
});
