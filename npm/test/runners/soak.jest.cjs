test('soak', require('../soak.cjs'), 60_000);
