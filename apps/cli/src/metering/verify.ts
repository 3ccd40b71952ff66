import { verifyFile } from '@emp/signed-metering';
import { command, JSON_OPTION } from '../command-line/command.ts';
import { readInputs } from '../command-line/input.ts';
import type { Io } from '../command-line/io.ts';
import { ink, json } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';
import { sessionText } from './session-text.ts';

export const verify = command({
  options: {
    key: {
      type: 'string',
      value: '<key|@file>',
      about: 'the public key of the station, if you know it: any encoding, or @ and a file',
    },
    json: JSON_OPTION,
  },
  details: `Reads a bare signed value, a value with its key as JSON, a charge detail record, or the XML of the
transparency software. A key that comes with the value proves that nothing was changed; only --key, taken as the key
registered for the station, can prove whose meter signed. Exit status 1 if a session is anything but valid.

  npx emp metering verify value.txt --key 3059301306072A8648CE3D0201…`,
  run: async ({ words, options }, io) => {
    const registeredKey = options.key === undefined ? undefined : await publicKey(options.key, io);
    const files = await readInputs(words, io);
    const sessions = files.flatMap(({ name, text }) =>
      verifyFile(text, { registeredKey }).map((session) => ({ file: name, ...session })),
    );
    // Only together with a value can be said which curve a bare point belongs to.
    const keyUnread = sessions.some(({ verdict }) =>
      verdict.findings.some(({ code }) => code === 'registered-key-unreadable'),
    );
    if (keyUnread)
      throw new WrongUse(
        '--key is no public key of these values',
        'hex, base64 or PEM of a SubjectPublicKeyInfo or a point are read',
      );
    io.out(
      options.json
        ? json(sessions.map(({ verdict, ...session }) => ({ ...session, ...verdict })))
        : sessions.map((session) => sessionText(session, ink(io.colours))).join('\n'),
    );
    return sessions.every(({ verdict }) => verdict.verdict === 'valid') ? 0 : 1;
  },
});

async function publicKey(given: string, io: Io): Promise<string> {
  const [file] = given.startsWith('@') ? await readInputs([given.slice(1)], io) : [];
  const key = (file?.text ?? given).trim();
  // What a script's variable holds that was never set: the origin would be passed over in silence.
  if (key === '') throw new WrongUse('--key is empty', 'leave it out if you do not know the key');
  return key;
}
