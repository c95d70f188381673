/** Job function `tasks.greet.hello`: greets on the console. Kwargs come from the database, so it looks at them before it trusts them. */
export const hello = ({ name }: { name?: unknown }): void => {
  if (typeof name !== 'string') throw new TypeError('kwargs.name is not a text');
  console.log(`Hello, ${name}!`);
};
