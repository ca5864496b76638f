using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>
/// Whether an adapter keeps the promises of the contract that attribution relies on, tried on one checkpoint through
/// the public contract alone; and, given a golden file, whether the model computes what another implementation did.
/// </summary>
/// <param name="source">A checkpoint and the adapter that recognises it.</param>
/// <param name="device">Where to run.</param>
public sealed class AdapterCheck(ModelSource source, Device device)
{
    private readonly List<AdapterCheckResult> _results = [];

    /// <summary>Makes every check. One that throws has failed; if nothing can be loaded, none follows.</summary>
    /// <param name="goldenFiles">
    /// safetensors files of a reference run that go together: inputs, and what another implementation made of them.
    /// Names as docs/adapters.md has them; see <see cref="GoldenSet.Open"/> for what several hold. None for no
    /// comparison.
    /// </param>
    /// <param name="progress">Told of each check when it is made; null for nobody.</param>
    /// <param name="cancellation">Looked at between checks.</param>
    /// <exception cref="AuditException">A golden file cannot be read or does not fit the model.</exception>
    public AdapterCheckDocument Run(
        IReadOnlyList<string>? goldenFiles = null,
        Action<AdapterCheckResult>? progress = null,
        CancellationToken cancellation = default
    )
    {
        _results.Clear();
        using var golden = goldenFiles is { Count: > 0 } files ? GoldenSet.Open(files) : null;
        IDiffusionModel? model = null;
        try
        {
            Try("loads", Loads, progress);
            if (model is null)
                return Document();
            var goldens = golden is null ? null : new GoldenChecks(golden, model, source.Loras, device);

            using var probe = new ModelProbe(model, device);
            var checks = ModelChecks
                .All(probe, Load)
                .Select(check => (check.Name, (Func<AdapterCheckResult?>)check.Check));
            foreach (var (name, check) in checks.Concat(goldens?.All() ?? []))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                Try(name, check, progress);
            }

            return Document();
        }
        finally
        {
            model?.Dispose();
        }

        AdapterCheckResult Loads()
        {
            model = Load();
            return new("loads", true, LoadedModel.Describe(model, source));
        }
    }

    private void Try(string name, Func<AdapterCheckResult?> check, Action<AdapterCheckResult>? progress)
    {
        AdapterCheckResult? result;
        try
        {
            result = check();
        }
        catch (AuditException e)
        {
            result = new(name, false, e.Message);
        }
        catch (Exception e)
        {
            result = new(name, false, $"it threw {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
        }

        if (result is null)
            return;
        _results.Add(result);
        progress?.Invoke(result);
    }

    private IDiffusionModel Load() => source.Load(device);

    private AdapterCheckDocument Document() =>
        new()
        {
            Adapter = source.Adapter.Name,
            Passed = _results.All(result => result.Passed),
            Checks = [.. _results],
        };
}
