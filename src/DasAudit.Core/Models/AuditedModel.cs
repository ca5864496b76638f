using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Models;

/// <summary>A checkpoint that is loaded and hashed once for all. Disposing of it unloads all its copies.</summary>
public sealed class AuditedModel : IDisposable
{
    private readonly Lazy<IReadOnlyList<HashedFile>> _hashed;
    private readonly Lazy<string> _weightsSha256;

    private AuditedModel(ModelSource source, ModelPool pool)
    {
        (Source, Pool) = (source, pool);
        using var copy = pool.Rent();
        Model = copy.Model;
        ParameterCount = Model.Network.parameters().Sum(parameter => parameter.numel());
        _hashed = new(() => ModelSource.HashedFiles(Model));
        _weightsSha256 = new(() => source.HashOf(Model, _hashed.Value));
    }

    /// <summary>Loads a checkpoint.</summary>
    /// <exception cref="AuditException">It cannot be loaded.</exception>
    public static AuditedModel Load(ModelSource source, Device device)
    {
        ArgumentNullException.ThrowIfNull(source);
        var pool = new ModelPool(() => source.Load(device));
        try
        {
            return new(source, pool);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>Where it comes from: path, adapter, the adapter's version and hash.</summary>
    public ModelSource Source { get; }

    /// <summary>Its copies, for engines; the first is <see cref="Model"/>.</summary>
    public ModelPool Pool { get; }

    /// <summary>The copy loaded first, for its shapes, schedule and names; use weights through the pool.</summary>
    public IDiffusionModel Model { get; }

    /// <summary>Where it runs.</summary>
    public Device Device => Model.Device();

    /// <summary>Number of all parameters, attributed or not.</summary>
    public long ParameterCount { get; }

    /// <summary>
    /// See <see cref="ModelSource.HashOf(IDiffusionModel)"/>; the files are read when it is first asked for.
    /// </summary>
    public string WeightsSha256 => _weightsSha256.Value;

    /// <summary>The files that decide its predictions, each with its hash; read once with the hash of all.</summary>
    public IReadOnlyList<ModelFile> Files => Source.Listed(_hashed.Value);

    /// <summary>Unloads all copies; none may be rented.</summary>
    public void Dispose() => Pool.Dispose();
}
