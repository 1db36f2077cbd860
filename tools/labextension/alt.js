// JupyterLab and Notebook show a picture without the alternative text that its output's metadata
// have for it; with this extension, they show it with it. Nothing is bundled: the two functions at
// the end are what JupyterLab asks of an extension.
{
  let shared;

  const extension = async () => {
    const [version] = Object.values(shared["@jupyterlab/rendermime"]);
    const { IRenderMimeRegistry } = (await version.get())();
    return { id: "matrix-calculus:alt", autoStart: true, requires: [IRenderMimeRegistry], activate };
  };

  const activate = (app, registry) => {
    const factory = registry.getFactory("image/png"); // which each notebook has from here
    const create = factory.createRenderer;
    factory.createRenderer = (options) => {
      const renderer = create(options);
      const render = renderer.render;
      renderer.render = async (model) => {
        await render.call(renderer, model);
        const alt = model.metadata[options.mimeType]?.alt;
        if (alt) renderer.node.querySelector("img").alt = alt;
      };
      return renderer;
    };
  };

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["matrix-calculus"] = {
    init: (scope) => (shared = scope),
    get: async () => {
      const plugin = await extension();
      return () => ({ __esModule: true, default: plugin });
    },
  };
}
