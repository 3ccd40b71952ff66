/** Tests with a database wait for conditions, and a machine that builds meanwhile takes its time. */
import { jest } from '@jest/globals';

jest.setTimeout(30_000);
