import { fairShare, type CursorState } from './fair-share.ts';

const cursors = (owners: readonly CursorState['owner'][]): CursorState[] => owners.map((owner, partition) => ({ topic: 't', partition, owner }));
const partitions = (share: readonly CursorState[]): number[] => share.map(({ partition }) => partition);

describe('fairShare', () => {
  it('takes everything when alone', () => {
    const share = fairShare(cursors(['free', 'free', 'free']), { rank: 0, members: 1 });
    expect(partitions(share.claim)).toEqual([0, 1, 2]);
    expect(share.release).toEqual([]);
  });

  it('gives back what a newcomer lacks', () => {
    const share = fairShare(cursors(['me', 'me', 'me', 'me']), { rank: 0, members: 2 });
    expect(partitions(share.release)).toEqual([2, 3]);
    expect(share.claim).toEqual([]);
  });

  it('takes no more than is fair, however much is free', () => {
    expect(partitions(fairShare(cursors(['me', 'free', 'free', 'another']), { rank: 1, members: 2 }).claim)).toEqual([1]);
  });

  it('gives the odd one to the first members, so that together they own everything', () => {
    const quotas = [0, 1, 2, 3].map((rank) => fairShare(cursors(Array<'free'>(6).fill('free')), { rank, members: 4 }).claim.length);
    expect(quotas).toEqual([2, 2, 1, 1]);
  });

  it('leaves members idle when there are more of them than partitions', () => {
    expect(fairShare(cursors(['another']), { rank: 1, members: 2 })).toEqual({ claim: [], release: [] });
  });
});
