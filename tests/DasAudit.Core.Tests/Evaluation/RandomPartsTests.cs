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

        var jobs = RandomParts.Jobs(0.5, RandomParts.Draw(set, 0.5, 3), 11);

        Assert.Equal(
            ["part-0.5-000-seed-11", "part-0.5-001-seed-11", "part-0.5-002-seed-11"],
            jobs.Select(job => job.Name)
        );
        Assert.Equal(TrainingPart.Draw(set, 0.5, 2), jobs[2].Pictures);
        Assert.All(jobs, job => Assert.Equal(11, job.Seed));
    }
}
