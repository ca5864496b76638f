using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>
/// Trains models on a dataset to which a copier added, as <see cref="Copier"/> says, and compares shares and the truth
/// with those before. Everything lies in a folder of its own within the study's.
/// </summary>
internal sealed class CopierTrial
{
    // After the model of all pictures.
    private const int Copied = 0;
    private const int OfCopier = 1;
    private const int Both = 2;

    private const int NameLength = 8;

    private readonly HoldoutRequest _request;
    private readonly EvaluationCourt _before;
    private readonly Copier _copier;
    private readonly string _folder;
    private readonly EvaluationRequest _common;
    private readonly HoldoutGroups _groups;
    private readonly TrainingSet _set;
    private readonly IReadOnlyList<IReadOnlyList<RetrainingJob>> _jobs;

    private CopierTrial(HoldoutRequest request, EvaluationCourt before, Copier copier, string folder, TrainingSet set)
    {
        (_request, _before, _copier, _folder, _set) = (request, before, copier, folder, set);
        _groups = new(set, request.By);
        _jobs = [.. before.Seeds.Select((seed, place) => Jobs(seed, keeps: place == 0))];
        _common = After(request.Common, folder, _jobs[0][0], set);
    }

    /// <summary>Writes the dataset, if it is not there yet, and reads it.</summary>
    /// <exception cref="AuditException">There is nothing to copy, or nobody to claim it.</exception>
    public static CopierTrial Prepare(
        HoldoutRequest request,
        int copies,
        EvaluationCourt before,
        HoldoutGroups groups,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var seed = request.Common.Truth.Seed;
        var copier = Copier.Of(groups, copies, seed);
        var folder = Directory.CreateDirectory(FolderOf(request, copier, before.Members, seed)).FullName;
        var dataset = DatasetIn(folder);
        using (FileLock.Take(Path.Combine(folder, ".making"), cancellation))
            CopiedDataset.Write(before.Members, copier, request.By, seed, dataset);
        var options = Options(request.Common, dataset);
        var set = TrainingSetLoader.Load(dataset, options, progress, cancellation);
        return new(request, before, copier, folder, set);
    }

    /// <summary>Trains this process's share of the models that are missing; whether all are there then.</summary>
    public bool Train() => _before.Train(_set, _folder, [.. _jobs.SelectMany(ofSeed => ofSeed)]);

    /// <summary>Compares with before.</summary>
    /// <param name="truths">Before, the groups in their order.</param>
    /// <param name="methods">Shares before, also of other ways to make them.</param>
    /// <param name="keys">The groups before.</param>
    public CopierResult Measure(
        IReadOnlyList<HoldoutTruth> truths,
        IReadOnlyList<NamedShares> methods,
        IReadOnlyList<string> keys,
        TimeProvider time,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var court = EvaluationCourt.Open(_common, time, progress, cancellation);
        var copied = keys.Index().Single(key => key.Item == _copier.Copied).Index;
        var after = HoldoutTruths.Of(_request, court, _jobs);
        var shares = HoldoutShares.Read(_request, court, _groups, splitInto: null);
        return new(
            _copier.Copied,
            _copier.Pictures.Count,
            _set.Root,
            court.All.Count,
            [.. truths.Zip(after, (before, now) => Change(before, now, copied, court.All))],
            [.. methods.Zip(shares, (before, now) => Shares(before, now, copied, court.All))]
        );
    }

    private CopierChange Change(HoldoutTruth before, HoldoutTruth after, int copied, IReadOnlyList<int> queries)
    {
        var (draws, seed) = (_common.BootstrapDraws, _common.Truth.Seed);
        var now = new HoldoutBootstrap(after, draws, seed);
        return new(
            before.Name,
            new HoldoutBootstrap(before, draws, seed).Changes(copied).Mean(queries),
            now.Changes(Copied).Mean(queries),
            now.Changes(OfCopier).Mean(queries),
            now.Changes(Both).Mean(queries)
        );
    }

    private CopierShares Shares(NamedShares before, NamedShares after, int copied, IReadOnlyList<int> queries)
    {
        var bootstrap = new QueryBootstrap(queries.Count, _common.BootstrapDraws, _common.Truth.Seed);
        var (copiedNow, copierNow) = (Place(_copier.Copied), Place(Copier.Name));
        return new(
            before.Name,
            Mean(q => before.Shares[q][copied]),
            Mean(q => after.Shares[q][copiedNow]),
            Mean(q => after.Shares[q][copierNow]),
            Mean(q => after.Shares[q][copiedNow] + after.Shares[q][copierNow] - before.Shares[q][copied])
        );

        Interval Mean(Func<int, double> share) => bootstrap.Mean([.. queries.Select(share)]);
    }

    private int Place(string key) => _groups.Keys.Index().Single(any => any.Item == key).Index;

    private RetrainingJob[] Jobs(long seed, bool keeps)
    {
        var (copied, copies) = (_groups.Members(_copier.Copied), _groups.Members(Copier.Name));
        return
        [
            LeaveOutJobs.All(_set, seed) with
            {
                Keeps = keeps,
            },
            LeaveOutJobs.Without(_set, copied, seed),
            LeaveOutJobs.Without(_set, copies, seed),
            LeaveOutJobs.Without(_set, [.. copied, .. copies], seed),
        ];
    }

    private static string DatasetIn(string folder) => Path.Combine(folder, "dataset");

    // Another dataset, group, seed or number of copies has another folder.
    private static string FolderOf(HoldoutRequest request, Copier copier, TrainingSet set, long seed)
    {
        var copies = string.Join('\n', copier.Pictures.Select(picture => picture.Path));
        var text = string.Create(CultureInfo.InvariantCulture, $"{set.Root} {request.By.Name} {seed}\n{copies}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{Copier.Name}-{copier.Pictures.Count}-{hash[..NameLength]}"
        );
        return Path.Combine(request.Common.Study, name);
    }

    // What is held out may be a split of the dataset before.
    private static EvaluationRequest After(EvaluationRequest common, string folder, RetrainingJob all, TrainingSet set)
    {
        var inputs = common.Audit.Inputs;
        return common with
        {
            Study = folder,
            HeldOut = null,
            Audit = common.Audit with
            {
                Inputs = inputs with
                {
                    Model = inputs.Model.WithTrained(Path.Combine(folder, "models", all.Name)),
                    Dataset = set.Path,
                    DatasetOptions = Options(common, set.Path),
                },
            },
        };
    }

    // Pictures are as they are shown, without splits, and captions are in the usual column.
    private static TrainingSetOptions Options(EvaluationRequest common, string dataset)
    {
        var before = common.Audit.Inputs.DatasetOptions;
        return new()
        {
            Split = TrainingSetOptions.AllSplits,
            ShownAs = dataset,
            Resize = before.Resize,
            PixelLimit = before.PixelLimit,
            Indexes = before.Indexes,
            Rehash = before.Rehash,
        };
    }
}
