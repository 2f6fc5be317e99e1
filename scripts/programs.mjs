// Starts programs that say on standard output when they are ready, and stops them all. Knows not what they do.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
export const BACKEND = join(ROOT, 'backend')
export const BIN = join(BACKEND, '.venv', 'bin')

const running = []

/** Starts a program and gives the first piece of its output that matches; settings of the caller's own OmniAI are left out. */
export async function start(command, args, pattern, env = {}) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('OMNIAI_'))
  const program = spawn(command, args, {
    cwd: BACKEND,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(program)
  for await (const line of createInterface({ input: program.stdout })) {
    const found = pattern.exec(line)
    if (found) {
      program.stdout.resume()
      return found[0]
    }
  }
  throw new Error(`${command} ${args.join(' ')} did not start`)
}

export async function stopAll() {
  for (const program of running.reverse()) {
    if (program.exitCode !== null) continue
    program.kill('SIGTERM')
    await once(program, 'exit')
  }
}
