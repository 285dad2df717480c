/* Which part is shown, by the address behind the '#'; and the beginning. */
function missing(text) {
    id("page").replaceChildren(el("section", {}, el("h1", {}, "No such endpoint"), el("p", {}, text),
        el("a", { href: "#/endpoints" }, "all endpoints")));
}

function route() {
    var hash = location.hash.replace(/^#\/?/, ""), cut = hash.indexOf("?"), path = cut < 0 ? hash : hash.slice(0, cut);
    var parts = path.split("/"), name, page = parts[0] === "endpoint";
    id("page").hidden = !page;
    id("summary").hidden = page;
    if (page) {
        try { name = decodeURIComponent(parts[1] || ""); } catch (ignored) { name = ""; }
        var found = endpointOf(name);
        if (found < 0)
            missing("There is no " + name + " in this run.");
        else
            showEndpoint(found);
        scrollTo(0, 0);
        return;
    }
    document.title = data.verdict + ": " + data.name;
    readTable(parts[0] === "endpoints" && cut >= 0 ? hash.slice(cut + 1) : "");
    choose(parts[0] === "charts" && parts[1] ? parts[1].split(",").filter(function (key) {
        return key === "endpoints" || describe(key);
    }) : null);
    if (parts[0] && id(parts[0]))
        id(parts[0]).scrollIntoView();
    else
        scrollTo(0, 0);
}

/* What is drawn on canvases has the colours and the width of the moment. */
function again() {
    if (id("page").hidden)
        drawCharts();
    else
        route();
}

var width = innerWidth, waiting;

setUpCharts();
setUpTable();
id("live").hidden = false;
route();
addEventListener("hashchange", route);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
addEventListener("resize", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
        if (innerWidth !== width) {
            width = innerWidth;
            again();
        }
    }, 150);
});
/* Paper is white, and narrower: what is measured now is what is printed. */
function paper(on) {
    root.classList.toggle("paper", on);
    again();
}
addEventListener("beforeprint", function () { paper(true); });
addEventListener("afterprint", function () { paper(false); });
root.dataset.ready = "yes";
