using DasAudit.Core.Evaluation;
using DasAudit.Core.Training;

namespace DasAudit.Core.Tests.Evaluation;

public sealed class RandomPartsTests
{
    /// <summary>Studies that exist know their models by these names.</summary>
    [Fact]
    public void Parts_and_names_are_those_of_studies_before()
    {
        var set = Sets.Of([.. Enumerable.Range(0, 9).Select(i => TestPictures.Pattern(i))]);

        var jobs = RandomParts.Draw(set, 0.5, 2).Jobs([11, 12]);

        Assert.Equal(
            ["part-0.5-000-seed-11", "part-0.5-001-seed-11", "part-0.5-000-seed-12", "part-0.5-001-seed-12"],
            jobs.Select(job => job.Name)
        );
        Assert.Equal(TrainingPart.Draw(set, 0.5, 1), jobs[3].Pictures);
        Assert.Equal([11, 11, 12, 12], jobs.Select(job => job.Seed));
    }
}
