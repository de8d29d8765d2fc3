// A real OpenID provider for tests, the customer's browser, and a proxy before the provider that can spoil what it says.
// node provider.mjs PORT LOGOUT_URI: listens there on 127.0.0.1 (the proxy, which is the issuer) and prints one line of
// JSON, {"control": PORT}. The control port takes, each by POST with JSON:
//   /browse {"url"}      the customer's browser goes there, logs in; answers {"callback"}
//   /end                 the customer logs out at the provider, which tells its clients; answers {"status"}
//   /spoil {"name"}      from now on spoils what NAME says (below); "" is honest again
//   /logout_token {"sid", "sub", "claims"?, "typ"?, "key"?}  a logout token, signed; claims replace, null leaves out
import crypto from 'node:crypto';
import http from 'node:http';
import Provider from 'oidc-provider';

let spoil = '';
const [port, logoutUri] = [Number(process.argv[2]), process.argv[3]];
const issuer = `http://127.0.0.1:${port}`;
const own = crypto.generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey;
const strange = crypto.generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey;
const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function sign(claims, header = {}, key = own) {
  const text = `${base64url({alg: 'ES256', kid: 'a', ...header})}.${base64url(claims)}`;
  return `${text}.${crypto.sign('sha256', Buffer.from(text), {key, dsaEncoding: 'ieee-p1363'}).toString('base64url')}`;
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'hub', client_secret: 'the-hub-s-own-secret-at-the-provider', redirect_uris: ['https://chat.example/back'],
    id_token_signed_response_alg: 'ES256', grant_types: ['authorization_code'], response_types: ['code'],
    backchannel_logout_uri: logoutUri, backchannel_logout_session_required: true,
  }],
  jwks: {keys: [{...own.export({format: 'jwk'}), kid: 'a', alg: 'ES256', use: 'sig'}]},
  acrValues: ['gold'],
  claims: {openid: ['sub', 'acr', 'amr'], email: ['email', 'email_verified']},
  conformIdTokenClaims: false,
  cookies: {keys: [crypto.randomBytes(32).toString('hex')]},
  enabledJWA: {idTokenSigningAlgValues: ['ES256']},
  features: {backchannelLogout: {enabled: true}, devInteractions: {enabled: false},
             rpInitiatedLogout: {enabled: true, logoutSource(ctx, form) { ctx.body = form; }}},
  findAccount: (ctx, sub) => ({accountId: sub, claims: () => ({sub, email: 'ada@shop.example', email_verified: true})}),
  interactions: {url: (ctx, interaction) => `/interaction/${interaction.uid}`},
  renderError(ctx, out) { ctx.body = JSON.stringify(out); },
  ttl: {AuthorizationCode: () => (spoil === 'late_code' ? 1 : 60), Session: 3600, Grant: 3600, AccessToken: 3600, IdToken: 3600, Interaction: 600},
});
provider.proxy = true;
provider.on('server_error', (ctx, error) => console.error(error));
provider.on('backchannel.error', (ctx, error) => console.error(error));

// The login page: the customer types nothing; what was asked for is proved.
async function interact(request, response) {
  const {params, prompt, grantId, session} = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const login = {accountId: 'cust-7', amr: ['pwd']};
    if (params.acr_values) Object.assign(login, {acr: params.acr_values.split(' ')[0], amr: ['pwd', 'otp']});
    return provider.interactionFinished(request, response, {login}, {mergeWithLastSubmission: false});
  }
  const grant = grantId ? await provider.Grant.find(grantId)
                        : new provider.Grant({accountId: session.accountId, clientId: params.client_id});
  grant.addOIDCScope('openid email');
  return provider.interactionFinished(request, response, {consent: {grantId: await grant.save()}},
                                      {mergeWithLastSubmission: true});
}

const callback = provider.callback();
const behind = http.createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return callback(request, response);
  interact(request, response).catch((error) => { console.error(error); response.writeHead(500).end(); });
});

// What the proxy may spoil of a token answer: claims, header, key of the ID token, or the answer around it.
const now = () => Math.floor(Date.now() / 1000);
const spoilers = {
  nonce: (t) => { t.claims.nonce = 'another'; },
  no_nonce: (t) => { delete t.claims.nonce; },
  issuer: (t) => { t.claims.iss = 'https://evil.example'; },
  audience: (t) => { t.claims.aud = 'another'; },
  several_audiences: (t) => { t.claims.aud = ['hub', 'another']; delete t.claims.azp; },
  authorized_party: (t) => { t.claims.azp = 'another'; },
  expired: (t) => { t.claims.exp = now() - 120; },
  never_expires: (t) => { delete t.claims.exp; },
  not_yet: (t) => { t.claims.nbf = now() + 300; },
  of_the_future: (t) => { t.claims.iat = now() + 300; },
  no_subject: (t) => { delete t.claims.sub; },
  at_hash: (t) => { t.claims.at_hash = base64url('sixteen bytes---'); },
  strange_key: (t) => { t.key = strange; },
  no_signature: (t) => { t.text = (text) => `${text.split('.').slice(0, 2).join('.')}.`; },
  alg_none: (t) => { t.text = (text) => `${base64url({alg: 'none'})}.${text.split('.')[1]}.`; },
  unknown_kid: (t) => { t.header.kid = 'zzz'; },
  access_token_type: (t) => { t.header.typ = 'at+jwt'; },
  logout_token_type: (t) => { t.header.typ = 'logout+jwt'; },
  events: (t) => { t.claims.events = {'http://schemas.openid.net/event/backchannel-logout': {}}; },
  access_token_instead: (t) => { t.answer.id_token = t.answer.access_token; t.as_it_is = true; },
  no_id_token: (t) => { delete t.answer.id_token; t.as_it_is = true; },
  another_answer: (t) => { t.answer.id_token = sign({...t.claims, nonce: 'of-another-login'}); t.as_it_is = true; },
  acr: (t) => { t.claims.acr = 'bronze'; },
  auth_time: (t) => { t.claims.auth_time = now() - 7200; },
};
function spoiled(body) {
  const answer = JSON.parse(body);
  if (!answer.id_token) return body;
  const [header, claims] = answer.id_token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  const token = {answer, header, claims, key: own, text: (text) => text};
  spoilers[spoil](token);
  if (!token.as_it_is) answer.id_token = token.text(sign(token.claims, token.header, token.key));
  return JSON.stringify(answer);
}

// What it may spoil of the request for tokens, and of the metadata.
const requestSpoilers = {
  verifier: (form) => form.set('code_verifier', 'another-'.repeat(6)),
  no_verifier: (form) => form.delete('code_verifier'),
  redirect_uri: (form) => form.set('redirect_uri', 'https://chat.example/back2'),
  code: (form) => form.set('code', `${form.get('code')}x`),
};
const metadataSpoilers = {
  metadata_issuer: (metadata) => { metadata.issuer = 'https://evil.example'; },
  metadata_in_the_clear: (metadata) => { metadata.token_endpoint = 'http://evil.example/token'; },
  metadata_without_s256: (metadata) => { metadata.code_challenge_methods_supported = ['plain']; },
};

function changed(body, path, status) {
  if (spoil in spoilers && path.startsWith('/token') && status === 200) return Buffer.from(spoiled(body.toString()));
  if (!(spoil in metadataSpoilers) || !path.startsWith('/.well-known/')) return body;
  const metadata = JSON.parse(body);
  metadataSpoilers[spoil](metadata);
  return Buffer.from(JSON.stringify(metadata));
}

async function bodyOf(message) {
  const parts = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
}

const proxy = http.createServer(async (request, response) => {
  const headers = {...request.headers, 'x-forwarded-proto': 'http', 'x-forwarded-host': `127.0.0.1:${port}`};
  let asked = await bodyOf(request);
  if (spoil in requestSpoilers && request.url.startsWith('/token')) {
    const form = new URLSearchParams(asked.toString());
    requestSpoilers[spoil](form);
    asked = Buffer.from(form.toString());
    headers['content-length'] = asked.length;
  }
  const onward = http.request({port: behind.address().port, host: '127.0.0.1', method: request.method, path: request.url, headers},
    async (answer) => {
      const body = changed(await bodyOf(answer), request.url, answer.statusCode);
      const out = {...answer.headers, 'content-length': body.length};
      delete out['transfer-encoding'];
      response.writeHead(answer.statusCode, out).end(body);
    });
  onward.on('error', (error) => { console.error(error); response.writeHead(502).end(); });
  onward.end(asked);
});

// The customer's browser.
const jar = new Map();

async function go(url, options = {}) {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(url, {...options, redirect: 'manual', headers: {...options.headers, cookie}});
  for (const line of response.headers.getSetCookie()) {
    const [name, value] = line.split(';')[0].split(/=(.*)/s);
    if (value) jar.set(name, value); else jar.delete(name);
  }
  return response;
}

async function browse(url) {
  for (let step = 0; step < 20; ++step) {
    const response = await go(url);
    if (response.status < 300 || response.status > 399) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    url = new URL(response.headers.get('location'), url).href;
    if (!url.startsWith(issuer)) return {callback: url};
  }
  throw new Error('it goes in circles');
}

async function end() {
  const page = await (await go(`${issuer}/session/end`)).text();
  const body = new URLSearchParams({xsrf: page.match(/name="xsrf" value="([^"]*)"/)[1], logout: 'yes'});
  const response = await go(`${issuer}/session/end/confirm`, {method: 'POST', body});
  return {status: response.status};
}

function logoutToken({sub, sid, claims = {}, typ = 'logout+jwt', key = 'own'}) {
  const all = {iss: issuer, aud: 'hub', iat: now(), exp: now() + 120, jti: crypto.randomUUID(), sub, sid,
               events: {'http://schemas.openid.net/event/backchannel-logout': {}}, ...claims};
  for (const name of Object.keys(all)) if (all[name] === null) delete all[name];
  return {logout_token: sign(all, typ ? {typ} : {}, key === 'own' ? own : strange)};
}

const calls = {
  '/browse': ({url}) => browse(url),
  '/end': () => end(),
  '/spoil': ({name}) => { spoil = name; return {names: [...Object.keys(spoilers), ...Object.keys(requestSpoilers), 'late_code']}; },
  '/logout_token': (wish) => logoutToken(wish),
};
const control = http.createServer((request, response) => {
  let text = '';
  request.on('data', (part) => { text += part; }).on('end', async () => {
    try {
      const body = JSON.stringify(await calls[request.url](JSON.parse(text || '{}')));
      response.writeHead(200, {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}).end(body);
    } catch (error) {
      console.error(error);
      response.writeHead(500, {'content-length': 0}).end();
    }
  });
});

const listen = (server, at) => new Promise((done) => server.listen(at, '127.0.0.1', done));
await listen(behind, 0);
await listen(proxy, port);
await listen(control, 0);
console.log(JSON.stringify({control: control.address().port}));
