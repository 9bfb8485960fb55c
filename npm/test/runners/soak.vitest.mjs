import { test } from 'vitest';
import soak from '../soak.cjs';

test('soak', { timeout: 60_000 }, soak);
