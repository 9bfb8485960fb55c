it('soak', require('../soak.cjs'));
