// One side of one table, once: started by compare.mjs, which is told the value.
process.on('disconnect', () => process.exit(1));
const [program, index, side, url] = process.argv.slice(2);
const { default: { tables } } = await import(`./programs/${program}.mjs`);
const value = await tables[Number(index)].sides[side](url);
process.send({ value }, () => process.exit(0));
