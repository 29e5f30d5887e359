// The bench in three dimensions, from one description that the server keeps: what moved glides, what came appears.
import { CSS2DObject, CSS2DRenderer, OrbitControls, THREE } from "nicegui-scene";

const GLIDE = 0.18; // of the way, at each frame
const FRAME_MS = 50;
const FRAMES = 40; // until what moved has come to rest; then nothing is drawn
const MM = 0.01;

function material(colour, opacity = 1) {
  const settings = { color: colour, roughness: 0.6, metalness: 0.05, transparent: opacity < 1, opacity };
  return new THREE.MeshStandardMaterial(settings);
}

function block(width, depth, height, stuff) {
  return new THREE.Mesh(new THREE.BoxGeometry(width * MM, depth * MM, height * MM), stuff);
}

function round(radius, height, stuff, sides = 24) {
  const shape = new THREE.CylinderGeometry(radius * MM, radius * MM, height * MM, sides);
  shape.rotateX(Math.PI / 2);
  return new THREE.Mesh(shape, stuff);
}

function rod(from, to, mesh) {
  mesh.position.copy(from).add(to).multiplyScalar(0.5);
  mesh.scale.z = Math.max(from.distanceTo(to), 1e-6);
  mesh.lookAt(to);
}

export default {
  template: '<div class="bench3d"><canvas></canvas><div class="bench3d-words"></div><p hidden>This browser shows no 3-D.</p></div>',
  props: { bench: Object },
  mounted() {
    const [canvas, words, sorry] = this.$el.children;
    this.scene = new THREE.Scene();
    this.camera = new THREE.PerspectiveCamera(38, 1, 0.1, 100);
    this.camera.up.set(0, 0, 1);
    try {
      this.renderer = new THREE.WebGLRenderer({ antialias: true, alpha: true, canvas });
    } catch {
      canvas.hidden = true;
      sorry.hidden = false;
      return;
    }
    this.words = new CSS2DRenderer({ element: words });
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.addEventListener("change", () => (this.frames = FRAMES));
    this.controls.enableZoom = false;
    this.controls.maxPolarAngle = 1.45;
    this.scene.add(new THREE.HemisphereLight(0xffffff, 0x8a8378, 2.2));
    const sun = new THREE.DirectionalLight(0xffffff, 1.6);
    sun.position.set(-3, -4, 8);
    this.scene.add(sun);
    this.vessels = new Map();
    this.sites = new Map();
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.$el);
    this.furnish();
    this.take();
    this.resize();
    this.beat = setInterval(() => this.draw(), FRAME_MS);
  },
  unmounted() {
    clearInterval(this.beat);
    this.watcher?.disconnect();
    this.renderer?.dispose();
  },
  watch: {
    bench: {
      deep: true,
      handler() {
        if (this.renderer) this.take();
      },
    },
  },
  methods: {
    resize() {
      const { clientWidth: width, clientHeight: height } = this.$el;
      if (!this.renderer || !width || !height) return;
      this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
      this.renderer.setSize(width, height);
      this.words.setSize(width, height);
      this.camera.aspect = width / height;
      const { middle, extent } = this.bench;
      const away = (extent / Math.min(this.camera.aspect, 1.5)) * 1.6 * MM;
      const target = new THREE.Vector3(middle[0] * MM, middle[1] * MM, 0.9);
      this.camera.position.set(target.x + 0.95 * away, target.y - 0.55 * away, 0.85 * away);
      this.controls.target.copy(target);
      this.camera.updateProjectionMatrix();
      this.frames = FRAMES;
    },
    furnish() {
      const { middle, extent, sites, arm } = this.bench;
      const table = block(extent * 1.25, extent * 1.25, 8, material("#8f8a80", 0.16));
      table.position.set(middle[0] * MM, middle[1] * MM, -5 * MM);
      this.scene.add(table);
      for (const site of sites) this.place(site);
      if (arm) this.raise(arm);
    },
    place(site) {
      const looks = { bin: ["#77716a", 0.5], oven: ["#b4530a", 0.2], rack: ["#8d9299", 0.45], station: ["#8d9299", 0.6] };
      const stuff = material(...looks[site.kind]);
      const slab = block(site.width, site.depth, site.height, stuff);
      slab.position.set(site.at[0] * MM, site.at[1] * MM, (site.at[2] + site.height / 2) * MM);
      this.scene.add(slab);
      this.sites.set(site.name, slab);
      const label = document.createElement("span");
      label.textContent = site.label;
      const word = new CSS2DObject(label);
      word.position.set(site.at[0] * MM, site.at[1] * MM, (site.at[2] + site.height + site.word) * MM);
      this.scene.add(word);
    },
    raise(arm) {
      const stuff = material("#d8d5cf");
      const dark = material("#4b5057");
      const base = round(46, arm.shoulder, stuff, 32);
      base.position.set(0, 0, (arm.shoulder / 2) * MM);
      this.arm = {
        upper: block(26, 26, 100, stuff),
        fore: block(20, 20, 100, stuff),
        tool: round(7, 100, dark),
        elbow: new THREE.Mesh(new THREE.SphereGeometry(20 * MM, 20, 14), dark),
        wrist: new THREE.Mesh(new THREE.SphereGeometry(15 * MM, 20, 14), dark),
        top: new THREE.Mesh(new THREE.SphereGeometry(30 * MM, 24, 16), dark),
        at: new THREE.Vector3(...arm.at).multiplyScalar(MM),
        wanted: new THREE.Vector3(...arm.at).multiplyScalar(MM),
      };
      this.arm.top.position.set(0, 0, arm.shoulder * MM);
      const { upper, fore, tool, elbow, wrist, top } = this.arm;
      this.scene.add(base, upper, fore, tool, elbow, wrist, top);
    },
    bend() {
      const { shoulder, link, hand } = this.bench.arm;
      const arm = this.arm;
      arm.at.lerp(arm.wanted, GLIDE);
      const wrist = arm.at.clone().setZ(arm.at.z + hand * MM);
      const root = new THREE.Vector3(0, 0, shoulder * MM);
      const reach = wrist.clone().sub(root);
      const length = Math.min(reach.length(), 2 * link * MM * 0.999);
      const flat = new THREE.Vector3(reach.x, reach.y, 0).normalize();
      const rise = Math.sqrt((link * MM) ** 2 - (length / 2) ** 2);
      const normal = flat.clone().multiplyScalar(-reach.z).setZ(Math.hypot(reach.x, reach.y)).normalize();
      const elbow = root.clone().add(reach.clone().multiplyScalar(0.5)).add(normal.multiplyScalar(rise));
      rod(root, elbow, arm.upper);
      rod(elbow, wrist, arm.fore);
      rod(wrist, arm.at, arm.tool);
      arm.elbow.position.copy(elbow);
      arm.wrist.position.copy(wrist);
    },
    take() {
      this.frames = FRAMES;
      const here = new Set();
      for (const told of this.bench.vessels) {
        here.add(told.id);
        const vessel = this.vessels.get(told.id) ?? this.bring(told);
        vessel.wanted.set(...told.at).multiplyScalar(MM);
        this.fill(vessel, told);
      }
      for (const [id, vessel] of this.vessels) {
        if (here.has(id)) continue;
        this.scene.remove(vessel.body);
        this.vessels.delete(id);
      }
      for (const site of this.bench.sites) {
        const stuff = this.sites.get(site.name)?.material;
        if (stuff) stuff.emissive.set(site.glow ?? "#000000");
      }
      if (this.arm) this.arm.wanted.set(...this.bench.arm.at).multiplyScalar(MM);
    },
    bring(told) {
      const body = new THREE.Group();
      const glass = told.flat
        ? block(told.width, told.width, Math.max(told.height, 2), material("#c9d6dc", 0.85))
        : round(told.width / 2, told.height, material("#c9d6dc", 0.32));
      glass.position.z = (told.height / 2) * MM;
      body.add(glass);
      const vessel = { body, wanted: new THREE.Vector3(...told.at).multiplyScalar(MM) };
      body.position.copy(vessel.wanted);
      this.scene.add(body);
      this.vessels.set(told.id, vessel);
      return vessel;
    },
    fill(vessel, told) {
      const looks = `${told.colour} ${told.fill}`;
      if (looks === vessel.looks) return;
      vessel.looks = looks;
      if (vessel.content) vessel.body.remove(vessel.content);
      vessel.content = undefined;
      if (!told.colour) return;
      const height = told.flat ? 3 : Math.max(told.fill * told.height, 3);
      const stuff = material(told.colour);
      vessel.content = told.flat
        ? block(told.width * 0.86, told.width * 0.86, height, stuff)
        : round(told.width * 0.42, height, stuff);
      vessel.content.position.z = (told.flat ? told.height + 1 : height / 2 + 2) * MM;
      vessel.body.add(vessel.content);
    },
    draw() {
      if (document.hidden || !this.frames) return;
      this.frames -= 1;
      for (const { body, wanted } of this.vessels.values()) body.position.lerp(wanted, GLIDE * 1.5);
      if (this.arm) this.bend();
      this.controls.update();
      this.renderer.render(this.scene, this.camera);
      this.words.render(this.scene, this.camera);
    },
  },
};
