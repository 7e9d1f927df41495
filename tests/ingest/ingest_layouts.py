"""Comment threads as the usual systems write them, in HTML and as plain text; each layout takes (author, text) pairs."""

from collections.abc import Callable, Sequence

Entries = Sequence[tuple[str, str]]
Layout = Callable[[Entries], str]


def _each(entries: Entries, shape: str) -> str:
    return "".join(shape.format(n=n, author=author, text=text) for n, (author, text) in enumerate(entries, 1))


def wordpress(entries: Entries) -> str:
    shape = (
        '<li id="comment-{n}" class="comment even thread-even depth-1"><article id="div-comment-{n}" class="comment-body">'
        '<footer class="comment-meta"><div class="comment-author vcard"><img class="avatar" src="x.png" alt=""><b class="fn">{author}</b> '
        '<span class="says">says:</span></div><div class="comment-metadata"><a href="#c{n}"><time datetime="2022-03-05T20:30">March 5, 2022 at 8:30 pm</time></a></div></footer>'
        '<div class="comment-content"><p>{text}</p></div><div class="reply"><a class="comment-reply-link" href="#r">Reply</a></div></article></li>'
    )
    form = '<div id="respond" class="comment-respond"><h3>Leave a Reply</h3><form><p>Your email address will not be published.</p></form></div>'
    return f'<div id="comments" class="comments-area"><h2 class="comments-title">3 thoughts on “Seaweed”</h2><ol class="comment-list">{_each(entries, shape)}</ol>{form}</div>'


def wordpress_old(entries: Entries) -> str:
    shape = (
        '<li class="alt" id="comment-{n}"><cite>{author}</cite> Says:<br><small class="commentmetadata">March 5th, 2022 at 8:30 pm</small>'
        "<p>{text}</p></li>"
    )
    return f'<h3 id="comments">3 Responses to “Seaweed”</h3><ol class="commentlist">{_each(entries, shape)}</ol>'


def disqus(entries: Entries) -> str:
    shape = (
        '<li class="post" id="post-{n}"><div class="post-content"><header><span class="post-byline"><span class="author">{author}</span></span>'
        '<span class="post-meta"><a class="time-ago">2 years ago</a></span></header><div class="post-body"><div class="post-message"><p>{text}</p></div></div></div></li>'
    )
    return f'<div id="disqus_thread"><ul id="post-list" class="post-list">{_each(entries, shape)}</ul></div>'


def blogger(entries: Entries) -> str:
    shape = (
        '<li class="comment" id="c{n}"><div class="comment-block"><div class="comment-header"><cite class="user">{author}</cite>'
        '<span class="datetime secondary-text">5 March 2022 at 20:30</span></div><p class="comment-content">{text}</p>'
        '<span class="comment-actions secondary-text"><a>Reply</a><a>Delete</a></span></div></li>'
    )
    return f'<section class="comments threaded" id="comments"><h3 class="title">3 comments:</h3><div class="comments-content"><ol>{_each(entries, shape)}</ol></div></section>'


def drupal(entries: Entries) -> str:
    shape = (
        '<article id="comment-{n}" class="comment js-comment"><footer class="comment__meta"><p class="comment__author"><span class="username">{author}</span></p>'
        '<p class="comment__time">Sat, 03/05/2022 - 20:30</p></footer><div class="comment__content"><div class="field field--name-comment-body">{text}</div></div></article>'
    )
    return f'<section class="comment-wrapper"><h2 class="title">Comments</h2>{_each(entries, shape)}</section>'


def phpbb(entries: Entries) -> str:
    shape = (
        '<div id="p{n}" class="post"><div class="postprofile"><a class="username">{author}</a></div>'
        '<div class="postbody"><p class="author-line"><time>Sat Mar 05, 2022 8:30 pm</time></p><div class="content">{text}</div></div></div>'
    )
    return f'<h2>Replies</h2><div class="comments forum-posts">{_each(entries, shape)}</div>'


def microformat(entries: Entries) -> str:
    shape = '<div class="u-comment h-cite"><a class="p-author h-card">{author}</a><time class="dt-published">2022-03-05</time><p class="p-content e-content">{text}</p></div>'
    return f'<section class="responses">{_each(entries, shape)}</section>'


def microdata(entries: Entries) -> str:
    shape = '<div itemprop="comment" class="c-item comment-item"><span itemprop="author" class="c-name author">{author}</span><div itemprop="text" class="text">{text}</div></div>'
    return f'<div class="comments-block">{_each(entries, shape)}</div>'


def definition_list(entries: Entries) -> str:
    shape = '<dd class="comment"><strong>{author}</strong><p>{text}</p></dd>'
    return f'<h3>3 Comments</h3><dl class="comments">{_each(entries, shape)}</dl>'


def table(entries: Entries) -> str:
    shape = '<tr class="comment"><td><b class="author">{author}</b><div class="comment-text">{text}</div></td></tr>'
    return f'<h3>Comments</h3><table class="comments">{_each(entries, shape)}</table>'


def plain_divs(entries: Entries) -> str:
    shape = '<div class="x1"><strong>{author}</strong><p>{text}</p></div>'
    return f"<h3>Kommentarer (3)</h3><div>{_each(entries, shape)}</div>"


HTML: dict[str, Layout] = {
    make.__name__: make
    for make in (
        wordpress,
        wordpress_old,
        disqus,
        blogger,
        drupal,
        phpbb,
        microformat,
        microdata,
        definition_list,
        table,
        plain_divs,
    )
}


def _text(heading: str, shape: str) -> Layout:
    return lambda entries: f"{heading}\n\n{_each(entries, shape)}"


TEXT: dict[str, Layout] = {
    "says": _text("3 responses to “Seaweed”", "{author} says:\nMarch 5, 2022 at 8:30 pm\n{text}\n\n"),
    "numbered": _text("Comments", "  {n}. {author}\n\n    {text}\n\n"),
    "bulleted": _text("3 Comments", "* {author}\n  {text}\n\n"),
    "hash": _text("Comments (3)", "#{n} {author}\n{text}\n\n"),
    "markdown": _text("## Comments", "### {author}\n\n{text}\n\n"),
    "posted": _text("Reader comments", "Posted by {author} on March 5, 2022\n{text}\n\n"),
    "norwegian": _text("3 kommentarer", "{author} skrev 5. mars 2022:\n{text}\n\n"),
    "german": _text("Kommentare", "{author} schreibt am 5. März 2022 um 20:30 Uhr:\n{text}\n\n"),
    "spanish": _text("3 comentarios", "{author} dice:\n5 de marzo de 2022\n{text}\n\n"),
    "french": _text("Commentaires", "{author} a écrit le 5 mars 2022 :\n{text}\n\n"),
    "portuguese": _text("Comentários", "{author} disse:\n5 de março de 2022\n{text}\n\n"),
    "italian": _text("3 commenti", "{author} ha scritto:\n{text}\n\n"),
    "russian": _text("Комментарии", "{author} пишет:\n5 марта 2022\n{text}\n\n"),
    "dated": _text("Discussion", "{author} - 2022-03-05\n{text}\n\n"),
    "ago": _text("Join the conversation", "{author}\n2 years ago\n{text}\nReply\n\n"),
}
