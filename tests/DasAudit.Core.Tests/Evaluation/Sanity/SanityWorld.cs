using DasAudit.Core.Attribution;
using DasAudit.Core.Evaluation.Sanity;
using DasAudit.Core.Retraining;
using DasAudit.Core.Tests.Retraining;

namespace DasAudit.Core.Tests.Evaluation.Sanity;

/// <summary>
/// A <see cref="StudyWorld"/> with more pictures, which its model never saw, and three generated queries.
/// </summary>
internal sealed class SanityWorld : IDisposable
{
    public const int Pictures = 24;

    public static IReadOnlyList<string> Generated { get; } = ["query.png", "made/p31.png", "made/p33.png"];

    public static IReadOnlyList<string> HeldOut { get; } = ["held/p50.png", "held/p51.png"];

    public SanityWorld()
    {
        Study.Folder.WritePictures("set", StudyWorld.Pictures, Pictures - StudyWorld.Pictures);
        Study.Folder.WritePictures("made", 31, 1);
        Study.Folder.WritePictures("made", 33, 1);
    }

    public StudyWorld Study { get; } = new();

    public TempFolder Folder => Study.Folder;

    public void Dispose() => Study.Dispose();

    public SanityResult Run(params IReadOnlyList<IAttributionMethod> methods) => Run(Request(methods))!;

    public static SanityResult? Run(SanityRequest request) =>
        StageRecorder.Finished(stages =>
            new SanityEvaluation(TimeProvider.System, stages).Run(request, TestContext.Current.CancellationToken)
        );

    public SanityRequest Request(IReadOnlyList<IAttributionMethod> methods, JobShare? share = null) =>
        new()
        {
            Common = new()
            {
                Audit = (Study.Audit() with { Methods = methods, Images = Generated }).Request(),
                HeldOut = "held",
                Study = Folder["study"],
                BootstrapDraws = 200,
                Share = share ?? JobShare.All,
            },
        };

    public static SanityFinding Find(SanityResult result, string method, string check) =>
        result.Methods.Single(ofMethod => ofMethod.Method == method).Findings.Single(finding => finding.Check == check);

    /// <summary>The names of planted files of a kind.</summary>
    public IReadOnlyList<string> Planted(string kind) =>
        [
            .. Directory
                .GetFiles(Assert.Single(Directory.GetDirectories(Folder["study/planted"], kind + "-*")))
                .Order(StringComparer.Ordinal),
        ];
}
