using DasAudit.Abstractions;

namespace DasAudit.Clip.Tests;

public sealed class EncoderFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Found(string path = "")
    {
        var files = EncoderFiles.Find(Path.Combine(_folder.Path, path));
        return Path.GetRelativePath(_folder.Path, files.Model)
            + " "
            + (files.Preprocessor is null ? "-" : Path.GetRelativePath(_folder.Path, files.Preprocessor));
    }

    private string Refusal(string path = "") => Assert.Throws<AuditException>(() => Found(path)).Message;

    [Fact]
    public void The_vision_model_is_preferred_to_the_model_and_the_folder_to_its_onnx_folder()
    {
        _folder.Write("onnx/model.onnx", "");
        Assert.Equal("onnx/model.onnx -", Found());
        _folder.Write("onnx/vision_model_quantized.onnx", "");
        Assert.Equal("onnx/model.onnx -", Found());
        _folder.Write("model.onnx", "");
        Assert.Equal("model.onnx -", Found());
        _folder.Write("onnx/vision_model.onnx", "");
        _folder.Write("preprocessor_config.json", "{}");
        Assert.Equal("onnx/vision_model.onnx preprocessor_config.json", Found());
        _folder.Write("vision_model.onnx", "");
        Assert.Equal("vision_model.onnx preprocessor_config.json", Found());
    }

    [Fact]
    public void A_file_can_be_named_itself_and_its_configuration_lies_beside_or_above()
    {
        _folder.Write("onnx/a.onnx", "");
        _folder.Write("other/a.onnx", "");
        _folder.Write("preprocessor_config.json", "{}");
        Assert.Equal("onnx/a.onnx preprocessor_config.json", Found("onnx/a.onnx"));
        Assert.Equal("onnx/a.onnx preprocessor_config.json", Found("onnx"));
        Assert.Equal("other/a.onnx -", Found("other/a.onnx"));
        _folder.Write("onnx/preprocessor_config.json", "{}");
        Assert.Equal("onnx/a.onnx onnx/preprocessor_config.json", Found("onnx/a.onnx"));
    }

    [Fact]
    public void The_only_model_or_the_only_one_of_images_is_taken_and_several_are_refused()
    {
        _folder.Write("encoder.onnx", "");
        Assert.Equal("encoder.onnx -", Found());
        _folder.Write("text_model.onnx", "");
        Assert.Contains("several .onnx files (encoder.onnx, text_model.onnx)", Refusal(), StringComparison.Ordinal);
        _folder.Write("visual.onnx", "");
        Assert.Equal("visual.onnx -", Found());
    }

    [Fact]
    public void A_missing_folder_and_one_without_a_model_are_refused()
    {
        Assert.Contains("holds no .onnx file", Refusal(), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal("no"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_is_the_configurations_or_the_folders()
    {
        _folder.Write("clip-vit/onnx/model.onnx", "");
        Assert.Equal("clip-vit", EncoderFiles.Find(_folder.At("clip-vit")).Name);
        _folder.Write("clip-vit/config.json", """{"_name_or_path": "/home/someone/clip"}""");
        Assert.Equal("clip-vit", EncoderFiles.Find(_folder.At("clip-vit")).Name);
        _folder.Write("clip-vit/config.json", """{"_name_or_path": "openai/clip-vit-base-patch32"}""");
        Assert.Equal("openai/clip-vit-base-patch32", EncoderFiles.Find(_folder.At("clip-vit")).Name);
        _folder.Write("clip-vit/config.json", "broken");
        Assert.Equal("clip-vit", EncoderFiles.Find(_folder.At("clip-vit")).Name);
    }
}
