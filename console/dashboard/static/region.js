// A piece of the page that the server draws. What is new is patched in: nothing that stayed the same is touched.
function patch(old, fresh) {
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(old.localName === "details" && name === "open")) old.removeAttribute(name);
  }
  patchChildren(old, fresh);
}

function alike(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && one.dataset?.key === other.dataset?.key;
}

function patchChildren(old, fresh) {
  const keyed = new Map([...old.children].filter((child) => child.dataset?.key).map((child) => [child.dataset.key, child]));
  let at = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const known = keyed.get(child.dataset?.key);
    if (known && known !== at && known.nodeName === child.nodeName) {
      old.insertBefore(known, at);
      at = known;
    }
    if (at && alike(at, child)) {
      if (at.nodeType !== Node.ELEMENT_NODE) {
        if (at.data !== child.data) at.data = child.data;
      } else if (!at.isEqualNode(child)) patch(at, child);
      at = at.nextSibling;
    } else {
      old.insertBefore(child, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

export default {
  template: "<div></div>",
  props: { html: String },
  mounted() {
    this.show();
  },
  updated() {
    this.show();
  },
  watch: {
    html() {
      this.show();
    },
  },
  methods: {
    show() {
      const fresh = document.createElement("template");
      fresh.innerHTML = this.html;
      patchChildren(this.$el, fresh.content);
      window.athanor?.tick();
    },
  },
};
