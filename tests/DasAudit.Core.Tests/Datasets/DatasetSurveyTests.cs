using DasAudit.Core.Datasets;
using DasAudit.Core.Tests.Datasets.Indexes;

namespace DasAudit.Core.Tests.Datasets;

public sealed class DatasetSurveyTests : IDisposable
{
    private readonly IndexWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Pictures_that_an_index_knows_take_hardly_any_time()
    {
        // More than a survey reads at once, large enough that decoding takes much longer than asking for a stamp.
        for (var i = 0; i < 60; i++)
            _world.Folder.Write($"data/large{i}.png", TestPictures.Png(i, 300, 300));
        var before = Survey();
        _world.Load();
        var after = Survey();
        Assert.Equal((63, 63), (before.Count, after.Count));
        Assert.InRange(after.SecondsPerPicture, 0, before.SecondsPerPicture / 2);
        Assert.InRange(Survey(rehash: true).SecondsPerPicture, after.SecondsPerPicture, double.MaxValue);
    }

    private DatasetSurvey Survey(bool rehash = false) =>
        DatasetSurvey.Of(
            _world.Dataset,
            _world.Options with
            {
                Rehash = rehash,
            },
            TestContext.Current.CancellationToken
        );
}
