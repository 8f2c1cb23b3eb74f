import packageJson from '../../package.json' with { type: 'json' }

/** Entry of the program. Asking for the version must cost little more than starting Node, so nothing else is loaded. */
const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${packageJson.version}\n`)
} else {
  const [{ runProgram }, { processIo }] = await Promise.all([import('./program.ts'), import('./processIo.ts')])
  await runProgram(args, processIo(), packageJson.version)
}
