/** Turns what came from the command line or a file into typed values, or says what is wrong with it. Pure. */
import { InvalidOptionError } from '../errors.ts'
import { OPTIONS } from './options.ts'
import type { Option, Values } from './options.ts'

function checkNumber (option: Option, label: string, value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = option

  if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
    throw new InvalidOptionError(`${label} must be a whole number from ${min} to ${max}`)
  }

  return number
}

function checkText (label: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new InvalidOptionError(`${label} must be a text that is not empty`)
  }

  return value
}

function check (option: Option, label: string, value: unknown): Values[string] {
  switch (option.kind) {
    case 'number':
      return checkNumber(option, label, value)
    case 'list':
      return (Array.isArray(value) ? value : [value]).map(item => checkText(label, item))
    case 'switch':
      if (typeof value !== 'boolean') {
        throw new InvalidOptionError(`${label} must be true or false`)
      }

      return value
    default:
      return checkText(label, value)
  }
}

/**
 * @param values - by option name
 * @param label - how an option is called where they came from
 * @throws {InvalidOptionError} at the first that is unknown or not of its kind
 */
export function checkValues (values: Record<string, unknown>, label: (name: string) => string): Values {
  const checked: Values = {}

  for (const [name, value] of Object.entries(values)) {
    const option = OPTIONS.find(option => option.name === name)

    if (option == null) {
      throw new InvalidOptionError(`${label(name)} is no setting: --help lists them all`)
    }

    checked[name] = check(option, label(name), value)
  }

  return checked
}

/**
 * Reads the text of a configuration file: a JSON object whose names are those of the flags, without the dashes before them.
 *
 * @throws {InvalidOptionError}
 */
export function parseConfig (text: string, file: string): Values {
  let value: unknown

  try {
    value = JSON.parse(text)
  } catch (err) {
    throw new InvalidOptionError(`${file} is not JSON: ${(err as Error).message}`, { cause: err })
  }

  if (value == null || typeof value !== 'object' || Array.isArray(value)) {
    throw new InvalidOptionError(`${file} must hold one JSON object, like {"port": 4040}`)
  }

  return checkValues({ ...value }, name => `"${name}" in ${file}`)
}
