import { jest } from '@jest/globals';
import { LifeSigns } from './life-signs.ts';

describe('life signs', () => {
  let told: string[];
  let signs: LifeSigns;
  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    signs = new LifeSigns({
      silentAfterMs: 1_000, onSilent: () => { told.push('silent'); }, onBack: () => { told.push('back'); },
    });
  });
  afterEach(() => {
    signs.stop();
    jest.useRealTimers();
  });

  it('says nothing while they come', () => {
    for (let times = 0; times < 20; times += 1) {
      jest.advanceTimersByTime(900);
      signs.sign();
    }
    expect(told).toEqual([]);
  });

  it('says once that they stay away, and once that they come again', () => {
    jest.advanceTimersByTime(5_000);
    expect(told).toEqual(['silent']);
    signs.sign();
    signs.sign();
    expect(told).toEqual(['silent', 'back']);
    jest.advanceTimersByTime(1_250);
    expect(told).toEqual(['silent', 'back', 'silent']);
  });

  it('says nothing more once nobody asks', () => {
    signs.stop();
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });
});
