import { standGuard } from './guard.ts';

standGuard();
