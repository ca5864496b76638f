using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>
/// Loads a model's architecture with weights drawn anew, for its checkpoints too, the same ones each time.
/// </summary>
internal sealed class UntrainedAdapter(IModelAdapter adapter, long seed) : IModelAdapter
{
    public string Name => adapter.Name;

    /// <summary>Where a model comes from, without what training made of it.</summary>
    public static ModelSource Source(ModelSource trained, long seed) =>
        trained with
        {
            Adapter = new UntrainedAdapter(trained.Adapter, seed),
        };

    public bool CanLoad(string path) => adapter.CanLoad(path);

    public IDiffusionModel Load(string path, Device device, ModelLoadOptions options) =>
        adapter.Load(path, device, options with { UntrainedSeed = seed });
}
