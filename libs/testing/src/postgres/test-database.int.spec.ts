import { testDatabase, testServerUrl } from './test-database.ts';

describe('testDatabase', () => {
  it('gives each test file an empty database of its own', async () => {
    const one = await testDatabase();
    const two = await testDatabase();
    await one.database.query('CREATE TABLE marks (id int8)');
    await two.database.query('CREATE TABLE marks (id int8)');
    expect(one.url).not.toBe(two.url);
    await one.close();
    await two.close();
  });

  it('runs on the server that jest started for all files', () => {
    expect(testServerUrl()).toMatch(/^postgresql:\/\/postgres:/);
  });
});
