using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Datasets;
using DasAudit.Core.Datasets.Checks;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Policies;
using DasAudit.Evidence.Policies.Rules;
using DasAudit.Evidence.Signatures;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>Asks one policy about one thing after the other.</summary>
internal sealed class PolicyInquiry(
    Invocation invocation,
    PolicyFile file,
    ReportStores stores,
    CurrentModels models,
    DatasetReader datasets,
    TimeProvider time
)
{
    private readonly PolicyCheck _check = new(file.Policy, time.GetUtcNow());
    private readonly Dictionary<string, CheckedModel> _reported = new(StringComparer.Ordinal);
    private IReadOnlyList<StoredEvaluation>? _evaluations;
    private ReportStore? _store;

    private Policy Policy => file.Policy;

    private bool HasStore => File.Exists(invocation.Store);

    private ReportStore Store => _store ??= stores.OpenToRead(invocation.Store);

    /// <summary>Asks about models, which reports are compared with, and then about all else.</summary>
    public async Task AskAsync(
        IReadOnlyList<PolicyTarget> targets,
        DatasetSettings settings,
        CancellationToken cancellation
    )
    {
        foreach (var target in targets.OrderBy(target => target.Kind))
        {
            cancellation.ThrowIfCancellationRequested();
            if (target.Kind == TargetKind.Dataset)
                await AskDatasetAsync(target.Text, settings, cancellation).ConfigureAwait(false);
            else
                Ask(target);
        }
    }

    /// <summary>Asks about stored reports that meet a filter.</summary>
    public void AskStored(ReportFilter filter, CancellationToken cancellation) =>
        Believe(
            invocation.Surroundings.Show(invocation.Store),
            () => StoredReportCheck.Run(Store, filter, Policy, _check, Stored, cancellation)
        );

    /// <summary>Asks about a report that has just been stored, of a model that has just been read.</summary>
    public void AskNew(AuditReport report)
    {
        var facts = ReportFacts.Of(report);
        _check.Add(Describe(facts, ReportCustody.Stored, $"Report {facts.Id}") with { Model = null });
    }

    /// <summary>What came of it. The models of all reports are asked about now.</summary>
    public PolicyOutcome Outcome()
    {
        if (Policy.Has<IModelRule>())
            foreach (var model in _reported.Values.OrderBy(model => model.Path, StringComparer.Ordinal))
                _check.Add(model with { Evaluations = Evaluations(model.WeightsSha256!) });
        return _check.Outcome();
    }

    /// <summary>The same with pictures of what findings are about, of so many reports as a log may hold.</summary>
    public PolicyOutcome WithPictures(PolicyOutcome outcome)
    {
        if (!HasStore)
            return outcome;
        var ids = outcome.Findings.Select(finding => finding.Subject.Report).OfType<string>().Distinct();
        var stored = ids.Where(id => Store.Record(RecordKind.Report, id) is not null);
        var reports = stored.Take(FindingPictures.MostReports).Select(Store.Get);
        return outcome with { Pictures = new(reports) };
    }

    private void Ask(PolicyTarget target)
    {
        switch (target.Kind)
        {
            case TargetKind.Model:
                AskModel(target.Text);
                break;
            case TargetKind.Picture:
                AskPicture(target.Text);
                break;
            case TargetKind.Bundle:
                AskBundle(target.Text);
                break;
            case TargetKind.ReportFile:
                AskFile(target.Text);
                break;
            default:
                AskReport(target.Text);
                break;
        }
    }

    private void AskModel(string path)
    {
        if (models.Named is not null)
            throw new UsageException(
                $"'{models.Named.Path}' and '{path}' are both models; name one, which reports are compared with."
            );
        if (Policy.Has<ReportCurrentRule>() || Policy.Has<IModelRule>())
            Remember(models.ReadNamed(path));
    }

    private async Task AskDatasetAsync(string path, DatasetSettings settings, CancellationToken cancellation)
    {
        if (!Policy.Has<IDatasetRule>())
            return;
        var set = await datasets.ReadAsync(invocation, path, settings, cancellation).ConfigureAwait(false);
        _check.Add(new CheckedDataset(path, set, DatasetCheck.Run(set, time)));
    }

    // The newest report on the picture counts, of those on the named model if there are any.
    private void AskPicture(string path)
    {
        var digest = PictureDigest.Of(invocation.Resolve(path), path);
        Believe(
            path,
            () =>
            {
                var report = HasStore ? NewestOn(digest) : null;
                _check.Add(new CheckedPicture(path, digest.Sha256, digest.PixelSha256, report is not null));
                if (report is not null)
                    _check.Add(Stored(report) with { PictureFile = path });
            }
        );
    }

    private ReportFacts? NewestOn(PictureDigest digest)
    {
        var filter = new ReportFilter { Image = digest.PixelSha256 };
        var ofModel = models.Named is { } model ? Store.Find(filter with { Model = model.WeightsSha256 }, 1) : [];
        var newest = ofModel.Count > 0 ? ofModel : Store.Find(filter, 1);
        if (newest.Count == 0)
            return null;
        var facts = ReportFacts.Of(Store.Get(newest[0].Id).Report);
        // What stands in the index is a part of the hash.
        return facts.Query.PixelSha256 == digest.PixelSha256 ? facts : null;
    }

    private void AskReport(string id) => Believe(id, () => _check.Add(Stored(ReportFacts.Of(Store.Get(id).Report))));

    // A store that is not what was written hits a rule, if the policy has it, and else ends the command.
    private void Believe(string place, Action ask)
    {
        try
        {
            ask();
        }
        catch (DamagedStoreException e) when (Policy.Has<ReportVerifiedRule>())
        {
            _check.Add(1, [Damaged(place, e)]);
        }
    }

    private void AskBundle(string path)
    {
        var keys = Policy.Keys.Select(key => ReadKey(key)).ToList();
        try
        {
            var bundle = new BundleVerifier(keys).Verify(BundleVerifier.ReadFile(invocation.Resolve(path), path));
            if (bundle.Contents is not { } contents)
                throw new AuditException($"'{path}' holds no report that can be read; 'reports verify' says why.");
            var report = Describe(ReportFacts.Of(contents.Report), ReportCustody.Bundle, $"'{path}'");
            _check.Add(report with { Problem = Problem(bundle) });
        }
        finally
        {
            keys.ForEach(key => key.Dispose());
        }
    }

    private static string? Problem(BundleVerification bundle)
    {
        if (bundle.Checks.FirstOrDefault(check => check.Passed == false) is { } failed)
            return $"{failed.Name}: {failed.What}";
        return bundle.IsUnaltered is null ? "no signature was checked; name the signers' public keys in 'keys'" : null;
    }

    private void AskFile(string path)
    {
        foreach (var (facts, index) in ReadReports(path).Select((facts, index) => (facts, index)))
            _check.Add(
                Describe(facts, ReportCustody.File, index == 0 ? $"'{path}'" : $"'{path}', report {index + 1},")
            );
    }

    private List<ReportFacts> ReadReports(string path)
    {
        try
        {
            using var document = JsonDocuments.Parse(File.ReadAllBytes(invocation.Resolve(path)));
            var root = document.RootElement;
            var isList = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("items", out _);
            IEnumerable<JsonElement> reports = isList ? root.GetProperty("items").EnumerateArray() : [root];
            return [.. reports.Select(report => ReportFacts.Read(JsonSerializer.SerializeToUtf8Bytes(report)))];
        }
        catch (FileNotFoundException e)
        {
            throw new AuditException($"There is no file '{path}'; name a report as 'audit --json' writes it.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AuditException($"'{path}' is no report as 'audit --json' or 'reports export' writes it.", e);
        }
    }

    private CheckedReport Stored(ReportFacts facts) => Describe(facts, ReportCustody.Stored, $"Report {facts.Id}");

    private CheckedReport Describe(ReportFacts facts, ReportCustody custody, string name)
    {
        Remember(new(facts.Model.Path, facts.Model.WeightsSha256));
        return new()
        {
            Report = facts,
            Name = name,
            Custody = custody,
            Model = Policy.Has<ReportCurrentRule>() ? models.Of(facts.Model) : null,
        };
    }

    private void Remember(CheckedModel model)
    {
        lock (_reported)
            _reported.TryAdd(model.WeightsSha256!, model);
    }

    private PolicyFinding Damaged(string place, DamagedStoreException e) =>
        Policy.Rules.OfType<ReportVerifiedRule>().First().Damaged(place, e.What);

    private VerificationKey ReadKey(string name)
    {
        var path = Path.GetFullPath(name, file.Folder);
        return File.Exists(path)
            ? VerificationKey.Parse(File.ReadAllText(path), name)
            : throw new AuditException($"The policy '{Policy.File}' names the key '{name}', which is not there.");
    }

    private List<string> Evaluations(string weights)
    {
        _evaluations ??= HasStore ? Store.Evaluations() : [];
        return [.. _evaluations.Where(e => e.ModelSha256 == weights).Select(e => e.Evaluation).Distinct()];
    }
}
