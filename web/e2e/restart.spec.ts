// The server is updated while people talk: the page stays, says so, and goes on where it was.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, freePort, launch } from './a-server.ts';
import { expect, Person, test } from './people.ts';

test('a restart of the server loses nothing', async ({ browser }) => {
  test.skip(!existsSync(binary), 'needs a binary of its own: set PARLOR_BIN');
  test.setTimeout(60_000);
  const shared = process.env.PARLOR_URL;
  const folder = mkdtempSync(join(tmpdir(), 'parlor-restart-'));
  const port = await freePort();
  let server = await launch(port, folder);
  process.env.PARLOR_URL = server.url;
  try {
    const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
    const group = await ada.makesGroup('Update night');
    await bob.joins(group);
    const [hers, his] = [await ada.opens(browser, `/g/${group.id}`), await bob.opens(browser, `/g/${group.id}`)];
    await hers.writes('before');
    await his.sees('before');
    await his.composer.fill('half a sentence');

    await server.stop();
    await hers.writes('while it was down');
    await expect(hers.message('while it was down')).toContainText(/Waiting for the connection|Sending/);
    await expect(hers.page.getByText('No connection.')).toBeVisible({ timeout: 15_000 });
    server = await launch(port, folder);
    await hers.page.getByRole('button', { name: 'Retry now' }).click();

    await his.sees('while it was down');
    await expect(hers.page.getByText('No connection.')).toBeHidden();
    await expect(hers.message('while it was down')).toHaveCount(1);
    await expect(hers.message('while it was down')).not.toContainText('Waiting');
    await expect(his.composer).toHaveValue('half a sentence');
    await his.composer.press('Enter');
    await hers.sees('half a sentence');
    await hers.closes();
    await his.closes();
  } finally {
    process.env.PARLOR_URL = shared;
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
