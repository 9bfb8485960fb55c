'use strict';
// What a function is given: options that it does not know are refused, as the program refuses them.

/** Looks that all options are known; `name` is the function's. */
function check(name, options, known) {
  const odd = Object.keys(options).find((option) => !known.includes(option));
  if (odd !== undefined) throw new TypeError(`${name}: there is no option ${odd}; there are ${known.join(', ')}`);
}

module.exports = { check };
