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
    /// <param name="goldenFile">
    /// A safetensors file with <c>sample</c> [N, C, H, W], <c>timesteps</c> [N], <c>class_labels</c> [N] or
    /// <c>encoder_hidden_states</c> if the model is conditioned, and any of <c>output</c>, <c>grad_output_mean</c>,
    /// <c>grad_mse</c> (which needs <c>noise</c>); a gradient whose name ends in <c>_strideK</c> holds every K-th
    /// element of each row. Null for none.
    /// </param>
    /// <param name="progress">Told of each check when it is made; null for nobody.</param>
    /// <param name="cancellation">Looked at between checks.</param>
    /// <exception cref="AuditException">The golden file cannot be read or does not fit the model.</exception>
    public AdapterCheckDocument Run(
        string? goldenFile = null,
        Action<AdapterCheckResult>? progress = null,
        CancellationToken cancellation = default
    )
    {
        _results.Clear();
        using var golden = goldenFile is null ? null : GoldenFile.Open(goldenFile);
        IDiffusionModel? model = null;
        try
        {
            Try("loads", Loads, progress);
            if (model is null)
                return Document();
            golden?.CheckAgainst(model);

            using var probe = new ModelProbe(model, device);
            var goldenChecks = golden?.Checks(model, device) ?? [];
            foreach (var (name, check) in ModelChecks.All(probe, Load).Concat(goldenChecks))
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

    private void Try(string name, Func<AdapterCheckResult> check, Action<AdapterCheckResult>? progress)
    {
        AdapterCheckResult result;
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
