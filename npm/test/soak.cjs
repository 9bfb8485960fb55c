// What drives it: the same in each test runner.
const { mark } = require('heapdiff/test');

module.exports = async () => {
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 100; i++) await (await fetch(`${process.env.SOAKED}/${i}`, { headers: { connection: 'close' } })).text();
    await mark();
  }
};
