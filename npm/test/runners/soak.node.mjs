import { test } from 'node:test';
import soak from '../soak.cjs';

test('soak', soak);
