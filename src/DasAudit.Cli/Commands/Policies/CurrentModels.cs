using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Core.Models;
using DasAudit.Evidence.Policies;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>Models as they are now; each is loaded and hashed once.</summary>
internal sealed class CurrentModels(AdapterSelection adapters, TorchRuntime torch, Invocation invocation)
{
    private readonly Dictionary<string, CheckedModel> _models = new(StringComparer.Ordinal);
    private TorchSession? _session;

    /// <summary>The model that was named for all; null for those that reports state.</summary>
    public CheckedModel? Named { get; private set; }

    /// <summary>Reads the model that was named, as the command's options say.</summary>
    /// <exception cref="AuditException">It cannot be loaded.</exception>
    public CheckedModel ReadNamed(string path) => Named = new(path, Hash(adapters.Model(invocation, path)));

    /// <summary>The model of a report.</summary>
    public CheckedModel Of(ModelFacts model)
    {
        if (Named is not null)
            return Named;
        var key = $"{model.Path}\n{model.With}\n{string.Join('\n', model.With?.Loras ?? [])}";
        lock (_models)
        {
            if (!_models.TryGetValue(key, out var current))
                _models[key] = current = Read(model);
            return current;
        }
    }

    private CheckedModel Read(ModelFacts model)
    {
        try
        {
            return new(model.Path, Hash(Source(model)));
        }
        catch (AuditException e)
        {
            return new(model.Path, null) { Problem = invocation.WithOptionNames(e.Message) };
        }
    }

    private ModelSource Source(ModelFacts model) =>
        adapters.ModelAsStated(invocation, model.Path) with
        {
            ModelConfig = model.With?.Config,
            Resolution = model.With?.Resolution,
            Loras = [.. (model.With?.Loras ?? []).Select(lora => new LoraFile(lora.Path, lora.Weight))],
        };

    private string Hash(ModelSource source)
    {
        _session ??= torch.Start(invocation.Device, invocation.Threads);
        using var model = AuditedModel.Load(source, _session.Device);
        return model.WeightsSha256;
    }
}
