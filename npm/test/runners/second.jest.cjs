// With a second file Jest uses processes of its own for both.
test('second', () => {});
