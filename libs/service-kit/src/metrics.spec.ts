import { openMetrics } from './metrics.ts';

describe('a scrape', () => {
  it('tells what it can when a figure does not come, and that one is missing', async () => {
    const metrics = openMetrics('test');
    metrics.meter.createObservableGauge('frozen').addCallback(() => new Promise(() => undefined));
    metrics.meter.createObservableGauge('known').addCallback((gauge) => gauge.observe(7));
    const text = await metrics.scrape();
    expect(text).toMatch(/^emp_known\S* 7/m);
    expect(text).toMatch(/^emp_scrape_missing 1$/m);
    await metrics.close();
  });

  it('misses nothing when all figures come', async () => {
    const metrics = openMetrics('test');
    metrics.meter.createCounter('taps').add(3);
    expect(await metrics.scrape()).toMatch(/^emp_taps_total\S* 3(.|\n)*^emp_scrape_missing 0$/m);
    await metrics.close();
  });
});
