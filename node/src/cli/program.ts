import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { controlClient } from '../control/client.ts'
import { defaultDataPath, locateDataFolder } from '../data-folder.ts'
import { NotConfirmedError } from '../errors.ts'
import { exportedText, exportTo, importedText, importFrom, passphraseOption } from './archives.ts'
import { changePassphrase, lockText, unlock } from './locks.ts'
import { runHome } from './start.ts'
import { printCode, printStatus } from './status.ts'
import type { ControlCalls } from '../control/contract.ts'

interface CommonOptions {
  data: string
  json?: true
}

function version (): string {
  const { version }: { version: string } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))

  return version
}

export function dataOption (): Option {
  return new Option('--data <folder>', 'where everything is kept').env('PERGOLA_DATA').default(defaultDataPath())
}

export function jsonOption (): Option {
  return new Option('--json', 'print lines of JSON instead of text')
}

function stdinOption (): Option {
  return new Option('--stdin', 'read passphrases from standard input, a line each: the one there is, then the new one')
}

function control (options: CommonOptions): ControlCalls {
  return controlClient(locateDataFolder(options.data).socket)
}

function print (options: CommonOptions, value: object, text: string): void {
  process.stdout.write(`${options.json === true ? JSON.stringify(value) : text}\n`)
}

async function textFrom (argument: string | undefined): Promise<string> {
  if (argument != null && argument !== '-') {
    return argument
  }

  const chunks: Buffer[] = []

  for await (const chunk of process.stdin) {
    chunks.push(chunk)
  }

  return Buffer.concat(chunks).toString('utf8').trimEnd()
}

export function createProgram (): Command {
  const program = new Command('pergola')
    .description('Your home: keeps your wall and your pictures, and passes them on while your other devices are off.')
    .version(version())
    .showHelpAfterError('(pergola --help says what there is)')

  program.command('start')
    .description('start the home node; it goes on until it is stopped with Ctrl+C')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  pergola start --data /srv/home')
    .action(async (options: CommonOptions) => runHome({ data: options.data, json: options.json === true }))

  program.command('pair')
    .description('make the home node one of your devices: copy the link from Settings, "Home node", in your browser')
    .argument('<link>', 'the link your browser shows')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (link: string, options: CommonOptions) => {
      const paired = await control(options).pair({ link }, { onCode: code => { print(options, { code }, printCode(code)) } })

      print(options, paired, `This is now the home of ${paired.name == null || paired.name === '' ? 'your wall' : paired.name}.`)
    })

  program.command('status')
    .description('say how the home node is')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions) => {
      const status = await control(options).status()

      print(options, status, printStatus(status))
    })

  program.command('post')
    .description('write on your wall')
    .argument('[text]', 'what to write; read from standard input when left out or "-"')
    .option('--warning <text>', 'shown instead of the text until the reader asks')
    .option('--lang <tag>', 'language of the text, for example en or zh-Hans')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (argument: string | undefined, options: CommonOptions & { warning?: string, lang?: string }) => {
      const { id } = await control(options).post({ text: await textFrom(argument), warning: options.warning, lang: options.lang })

      print(options, { id }, 'Posted.')
    })

  program.command('export')
    .description('save everything of yours as one file: posts, pictures, and all that another home needs to show the same wall')
    .argument('<file>', 'where to save it, for example wall.zip')
    .option('--keys', 'add your keys, locked with a passphrase, to go on writing elsewhere')
    .option('--follows', 'add the list of whom you follow; anybody who has the file can read it')
    .addOption(passphraseOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string, options: CommonOptions & Parameters<typeof exportTo>[2]) => {
      const exported = await exportTo(control(options), file, options)

      print(options, exported, exportedText(exported, file))
    })

  program.command('import')
    .description('take in what was saved with "pergola export"; nothing is taken twice')
    .argument('<file>', 'what was saved')
    .addOption(passphraseOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string, options: CommonOptions & Parameters<typeof importFrom>[2]) => {
      const imported = await importFrom(control(options), file, options)

      print(options, imported, importedText(imported))
    })

  program.command('passphrase')
    .description('set a passphrase, or change it: everything that is kept opens only with it')
    .option('--remove', 'need none any more')
    .addOption(stdinOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions & { remove?: true, stdin?: true }) => {
      const state = await changePassphrase(control(options), { stdin: options.stdin === true, remove: options.remove === true })

      print(options, state, state.protected ? 'The passphrase is set. Nobody can help you if you forget it.' : 'There is no passphrase any more.')
    })

  program.command('lock')
    .description('stop the network and forget the keys until "pergola unlock"')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions) => {
      const state = await control(options).lock()

      print(options, state, lockText(state))
    })

  program.command('unlock')
    .description('open everything with the passphrase')
    .addOption(stdinOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions & { stdin?: true }) => {
      const state = await unlock(control(options), { stdin: options.stdin === true })

      print(options, state, lockText(state))
    })

  program.command('panic')
    .description('make everything that is kept here unreadable within two seconds, and delete it; nothing brings it back but a backup')
    .option('--yes', 'yes, everything')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions & { yes?: true }) => {
      if (options.yes !== true) {
        throw new NotConfirmedError('This deletes the wall, its keys and contacts on this computer: add --yes if that is what you want')
      }

      print(options, await control(options).panic(), 'Everything is gone. This is now the home of nobody.')
    })

  return program
}
