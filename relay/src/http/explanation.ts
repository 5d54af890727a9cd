import { createHash } from 'node:crypto'
import { plainPagePolicy } from './headers.ts'

const STYLE = `:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1rem}
h1{font-size:1.4rem}section+section{margin-top:3rem}code{font-size:.9em}`

/**
 * What stands in for the web client where it could not work. It names no program: anybody may see it.
 */
export const EXPLANATION_HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Almost there</title>
<style>${STYLE}</style>
<section>
<h1>This page needs a secure connection</h1>
<p>Browsers keep the tools that protect your data switched off on an address that begins with <code>http://</code>. So the page stays closed here instead of working badly.</p>
<p><b>If you were sent here:</b> try the same address with <code>https://</code>, or ask for a newer link. If you have the program at home, open it there and give it the link.</p>
<p><b>If this is your server,</b> any of these opens it:</p>
<ul>
<li>a certificate: start it with <code>--cert</code> and <code>--key</code>;</li>
<li>a reverse proxy that has one, such as Caddy or nginx: start it with <code>--behind-proxy</code>;</li>
<li>on the same machine: <code>http://localhost</code> with the same port; from afar, forward that port with <code>ssh -L</code>.</li>
</ul>
</section>
<section lang="zh-Hans">
<h1>此页面需要安全连接</h1>
<p>地址以 <code>http://</code> 开头时，浏览器会关闭保护您数据的功能，因此页面暂不打开。</p>
<p><b>如果是别人发给您的链接：</b>请把开头换成 <code>https://</code> 再试，或索取新的链接。家中已装有程序的，可在那里打开此链接。</p>
<p><b>如果这是您的服务器：</b>用 <code>--cert</code> 和 <code>--key</code> 提供证书，或置于反向代理之后并加 <code>--behind-proxy</code>，或在本机通过 <code>http://localhost</code> 访问。</p>
</section>
</html>
`

export const EXPLANATION_POLICY = plainPagePolicy(createHash('sha256').update(STYLE).digest('base64'))
